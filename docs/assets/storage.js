// Where a browser lets this site store nothing, the theme's start would fail, and with it the search: it finds nothing stored
// instead, and what it stores is forgotten. Runs before the theme, so it is not deferred.
// And before anything is painted it says that scripts run: what they bring to life has its place from the beginning.
"use strict";

document.documentElement.dataset.scripts = "";

for (const name of ["__md_get", "__md_set"]) {
  const does = window[name];
  window[name] = (...what) => {
    try {
      return does(...what);
    } catch {
      return null;
    }
  };
}
