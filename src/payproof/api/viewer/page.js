"use strict";
// Draws the chosen document; which one it is stands in the address, so that it can be shared and comes back.

const chooser = document.getElementById("document");
const asked = new URLSearchParams(location.search).get("of");
chooser.value = asked === "widget" ? "/bridge/openapi.json" : "/openapi.json";

// A link inside a button cannot be reached by everybody, and there is but one server to choose.
const plain = (system) => ({
  components: {
    DeepLink: ({ text }) => system.React.createElement("span", null, text),
    ServersContainer: () => null,
  },
});

const ui = SwaggerUIBundle({
  url: chooser.value,
  dom_id: "#viewer",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl, plain],
});

chooser.addEventListener("change", () => {
  const of = chooser.value.startsWith("/bridge/") ? "?of=widget" : "";
  history.replaceState(null, "", location.pathname + of);
  ui.specActions.updateUrl(chooser.value);
  ui.specActions.download(chooser.value);
});

// What Swagger UI leaves without a name, at the wrong level, or out of reach of the keyboard.
const levels = { "h3.opblock-tag": 2, "#viewer h4": 3, "#viewer h5": 4, ".dialog-ux h3": 2 };
const regions = { ".information-container": "About", ".scheme-container": "Keys", ".filter-container": "Filter" };

function mend(what, change) {
  for (const found of document.querySelectorAll(what)) change(found);
}

function nameOf(control) {
  const row = control.closest("tr")?.querySelector(".parameter__name");
  return row?.firstChild?.textContent || control.placeholder || (control.tagName === "TEXTAREA" ? "Body" : "Choice");
}

new MutationObserver(() => {
  for (const [what, level] of Object.entries(levels)) mend(what, (found) => found.setAttribute("aria-level", level));
  for (const [what, name] of Object.entries(regions))
    mend(what, (found) => {
      found.setAttribute("role", "region");
      found.setAttribute("aria-label", name);
    });
  mend("#viewer :is(input, select, textarea):not([aria-label])", (found) => {
    if (!found.labels?.length) found.setAttribute("aria-label", nameOf(found));
  });
  mend("#viewer .close-modal", (found) => found.setAttribute("aria-label", "Close"));
  mend("#viewer table[role=region]", (found) => found.setAttribute("aria-label", found.id));
  mend("#viewer pre:not([tabindex])", (found) => found.setAttribute("tabindex", "0"));
}).observe(document.getElementById("viewer"), { childList: true, subtree: true });
