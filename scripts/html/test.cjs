// test.cjs BROWSER FOLDER PNG: drives drivers.html, hostile.html and clean.html of FOLDER.
"use strict";
const fs = require("fs");
const path = require("path");
const assert = require("assert");
const { chromium } = require("playwright-core");

const [executablePath, folder, picture] = process.argv.slice(2);

async function open(browser, name, options) {
    const page = await browser.newPage(options);
    page.problems = [];
    page.on("pageerror", (error) => page.problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
    page.on("request", (request) => {
        if (!request.url().endsWith(`/${name}`)) page.problems.push(`fetches ${request.url()}`);
    });
    await page.goto(`file://${path.join(folder, name)}`);
    return page;
}

const visible = (page) => page.locator(".finding:not([hidden])").count();

async function drivers(browser) {
    const page = await open(browser, "drivers.html");
    const all = await visible(page);
    assert(all > 20, `${all} findings`);
    assert.equal(await page.locator("#findings-shown").textContent(), `${all} findings of ${all}`);

    // the first is open, the second opens with a click; a step shows its lines
    assert.equal(await page.locator(".finding .body:not([hidden])").count(), 1);
    const second = page.locator(".finding").nth(1);
    await second.locator(".head").click();
    assert(await second.locator(".picture svg rect").count() >= 2, "no picture");
    const first = second.locator(".step").first();
    await first.click();
    assert.equal(await first.getAttribute("aria-expanded"), "true");
    assert(await second.locator("pre.excerpt:visible").count() >= 2, "no lines");
    await second.locator("summary").click();
    assert((await second.locator("details.page").textContent()).includes("Why it matters"));

    // search, by rule, by certainty
    await page.keyboard.press("/");
    await page.keyboard.type("isrdev pageable");
    const found = await visible(page);
    assert(found > 0 && found < all, `${found} found`);
    await page.keyboard.press("Escape");
    assert.equal(await visible(page), all);
    await page.selectOption("#by-rule", "blocking-raised");
    for (const text of await page.locator(".finding:not([hidden]) .head").allTextContents()) {
        assert(text.includes("blocking-raised"), text);
    }
    await page.selectOption("#by-rule", "");
    await page.selectOption("#by-certainty", "possible");
    assert(await visible(page) < all);
    await page.selectOption("#by-certainty", "");

    // keys
    await page.locator("h1").click();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter"); // the second again: it closes
    assert.equal(await second.locator(".body:not([hidden])").count(), 0);

    // functions: by name, by level
    await page.getByRole("tab", { name: "Functions" }).click();
    const rows = page.locator("#function-table tbody tr");
    const functions = await rows.count();
    await page.fill("#find-function", "IsrdevDpcForIsr");
    await page.selectOption("#of-driver", "isrdev");
    assert.equal(await rows.count(), 1);
    assert((await rows.first().textContent()).includes("dpc DISPATCH_LEVEL"));
    await page.fill("#find-function", "");
    await page.selectOption("#of-driver", "");
    await page.selectOption("#in-context", "isr");
    await page.selectOption("#at-level", "DIRQL");
    const interrupts = await rows.count();
    assert(interrupts > 0 && interrupts < functions);

    // a rule of the overview leads to its findings; a fingerprint in the address opens one
    await page.getByRole("tab", { name: "Drivers and rules" }).click();
    await page.getByRole("link", { name: "ddi-irql" }).click();
    assert(await visible(page) < all);
    const id = await page.locator(".finding").nth(5).getAttribute("id");
    await page.evaluate((hash) => { location.hash = hash; }, id);
    await page.waitForSelector(`#${id} .body:not([hidden])`);
    assert.deepEqual(page.problems, []);
    await page.close();
}

async function onPhoneAndPaper(browser) {
    const page = await open(browser, "drivers.html", { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= 360, `scrolls sideways: ${wide}`);
    await page.screenshot({ path: picture });
    assert(fs.statSync(picture).size > 10000, "empty screenshot");
    const paper = await page.pdf({ format: "A4" });
    assert(paper.length > 20000, "empty print");
    assert.equal(await page.locator(".finding .body[hidden]").count(), 0, "print leaves findings closed");
    assert.deepEqual(page.problems, []);
    await page.close();
}

async function hostile(browser) {
    const page = await open(browser, "hostile.html");
    await page.evaluate(() => document.querySelectorAll(".step").forEach((step) => step.click()));
    const text = await page.locator("#list").textContent();
    assert(text.includes("<img src=x onerror=hacked()>.c"), "the name is not shown");
    assert(text.includes("</script><script>hacked()</script>"), "the line is not shown");
    assert.equal(await page.locator("img").count(), 0);
    assert.deepEqual(page.problems, []);
    await page.close();
}

async function clean(browser) {
    const page = await open(browser, "clean.html");
    assert.equal(await page.locator("nav [aria-selected=true]").textContent(), "Drivers and rules");
    await page.getByRole("tab", { name: "Coverage" }).click();
    assert((await page.locator("#files-shown").textContent()).includes("completely"));
    assert.deepEqual(page.problems, []);
    await page.close();
}

(async () => {
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    try {
        for (const part of [drivers, onPhoneAndPaper, hostile, clean]) await part(browser);
    } finally {
        await browser.close();
    }
})().catch((error) => {
    console.error(error.stack);
    process.exit(1);
});
