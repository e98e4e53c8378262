// Put into a copy of the report by 'check-page': looks at the page as a reader's browser has it.
const problems = [];
addEventListener("error", (event) => {
  const target = event.target;
  problems.push(target && target !== window
    ? `${target.tagName} could not be loaded: ${target.src || target.href}`
    : `script error: ${event.message}`);
}, true);
addEventListener("unhandledrejection", (event) => problems.push(`unhandled rejection: ${event.reason}`));
for (const kind of ["error", "warn"]) console[kind] = (...words) => problems.push(`console.${kind}: ${words.join(" ")}`);

addEventListener("load", () => setTimeout(() => {
  const seen = new Set();
  for (const element of document.querySelectorAll("[id]")) {
    if (seen.has(element.id)) problems.push(`the identifier '${element.id}' occurs twice`);
    seen.add(element.id);
  }
  for (const image of document.querySelectorAll("img, image")) {
    if (image.naturalWidth === 0) problems.push(`an image is missing: ${image.src}`);
  }
  let links = 0;
  for (const link of document.querySelectorAll("a[href]")) {
    const target = link.getAttribute("href");
    links += 1;
    if (target.startsWith("#")) {
      if (!seen.has(decodeURIComponent(target.slice(1)))) problems.push(`a link leads nowhere: ${target}`);
    } else if (!/^(data:|https:)/.test(target)) {
      problems.push(`a link leaves the page: ${target}`);
    }
  }
  for (const element of document.querySelectorAll("[src], link[href]")) {
    const source = element.getAttribute("src") ?? element.getAttribute("href");
    if (!source.startsWith("data:")) problems.push(`the page needs another file: ${source}`);
  }
  // Inside drawings: glyphs and clips are referred to by name.
  for (const element of document.querySelectorAll("svg *")) {
    for (const attribute of element.attributes) {
      const found = /^(?:#|url\(#)([^)]*)\)?$/.exec(attribute.value);
      if (found && !seen.has(found[1])) problems.push(`a drawing refers to '${found[1]}', which is not there`);
    }
  }
  const drawings = document.querySelectorAll(".drawing > svg");
  for (const drawing of drawings) {
    const box = drawing.getBoundingClientRect();
    if (box.width < 100 || box.height < 50) problems.push(`${drawing.getAttribute("aria-label")} is not shown`);
  }
  for (const formula of document.querySelectorAll("math")) {
    const folded = formula.closest("details:not([open])");
    if (!folded && formula.getBoundingClientRect().width === 0) problems.push("a formula is not shown");
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) {
    problems.push(`the page is wider than the window: ${document.documentElement.scrollWidth} > ${innerWidth}`);
  }
  // Following a number into folded matter unfolds it.
  const quoted = document.querySelector("a.quoted[href^='#provenance'], a.quoted[href^='#record']");
  if (quoted) {
    quoted.click();
    const place = document.getElementById(decodeURIComponent(quoted.getAttribute("href").slice(1)));
    const opened = place?.closest("details");
    // Without a window there may be no frame to wait for, only time.
    setTimeout(() => {
      if (opened && !opened.open) problems.push(`${quoted.getAttribute("href")} stays folded`);
      finish();
    }, 200);
  } else {
    finish();
  }

  function finish() {
    const result = document.createElement("pre");
    result.id = "page-check";
    result.textContent = `\nCHECKED ${drawings.length} drawings, ${links} links\n`
      + problems.map((problem) => `PROBLEM ${problem}\n`).join("") + "END\n";
    document.body.append(result);
  }
}, 100));
