// In the copy of the site that opens from disk. A browser starts no worker for a page from disk; the theme's search runs as one.
// Here a worker is a hidden frame that runs the same file. Loaded before the theme's script.
"use strict";

if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const page = frame.contentDocument;
      page.open(); // or the browser would put an empty page over this one when it gets to it
      page.close();
      this.inside = frame.contentWindow;
      this.inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.ready = new Promise((done) => {
        const script = page.createElement("script");
        script.src = new URL(address, location.href).href;
        script.onload = done;
        (page.body || page.documentElement || page.appendChild(page.createElement("html"))).append(script);
      });
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.inside.frameElement.remove();
    }
  };
}
