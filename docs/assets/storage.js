// Where a browser lets this site store nothing, the theme's own start would fail and with it the search: it finds nothing stored
// instead. Runs before the theme, so it is not deferred.
"use strict";

{
  const get = window.__md_get;
  window.__md_get = (...what) => {
    try {
      return get(...what);
    } catch {
      return null;
    }
  };
}
