import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { friendly } from "../api/errors";
import { ago } from "../lib/time";
import { Loading } from "../ui/states";
import { changeLanguage, Trans } from ".";
import { deviceLanguage, languageOf } from "./languages";

beforeEach(() => localStorage.clear());
afterEach(() => act(() => changeLanguage("en")));

const speaks = (...languages: string[]) => vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);

test("the device's choice comes before the browser's languages, those before English", () => {
  speaks("fr-FR", "de-AT", "en");
  expect(deviceLanguage()).toBe("de");
  speaks("fr");
  expect(deviceLanguage()).toBe("en");
  localStorage.setItem("tintype.language", "de");
  expect(deviceLanguage()).toBe("de");
  localStorage.setItem("tintype.language", "xx");
  expect(deviceLanguage()).toBe("en");
});

test.each([
  ["de-CH", "de"],
  ["EN", "en"],
  ["fr", undefined],
  [null, undefined],
])("%s is %s", (tag, language) => expect(languageOf(tag)).toBe(language));

test("another language shows at once, on the page, in numbers, times and errors, and stays", async () => {
  render(<Loading />);
  expect(screen.getByRole("status")).toHaveTextContent("Loading");
  await act(() => changeLanguage("de"));
  expect(screen.getByRole("status")).toHaveTextContent("Lädt");
  expect(document.documentElement.lang).toBe("de");
  expect(ago("2026-11-20T09:00:00Z", new Date("2026-11-21T12:00:00Z"), true)).toBe("gestern");
  expect(ago("2026-03-01T09:00:00Z", new Date("2026-11-21T12:00:00Z"))).toBe("1. März");
  const busy = { status: 429, code: "RATE_LIMITED", message: "", fields: {}, retryAfter: 61 };
  expect(friendly(busy)).toBe("Das war viel auf einmal. Versuch es in 2 Minuten noch einmal.");
  expect(deviceLanguage()).toBe("de");
});

test("elements stand where the sentence wants them", () => {
  render(
    <Trans text="Go <to>home</to>, <ago/> <b>or not</b>." components={{ to: <a href="/">x</a>, ago: <i>3h</i> }} />,
  );
  expect(document.body.innerHTML).toContain('Go <a href="/">home</a>, <i>3h</i> &lt;b&gt;or not&lt;/b&gt;.');
});
