// The words of the client: catalogues by language and feature, of which only the active language's are loaded.
import type { FlatNamespace, TFunction } from "i18next";
import { cloneElement, Fragment, type ReactElement, type ReactNode, use, useSyncExternalStore } from "react";
import { deviceLanguage, firstNamespaces, type Language, language, storeLanguage } from "./languages";
import {
  type Catalogue,
  fetched,
  hasText,
  languageChanged,
  load,
  namespacesInUse,
  subscribe,
  translator,
} from "./runtime";

export { hasText };

const files = import.meta.glob<Catalogue>("./{en,de}/*.json", { import: "default" });

const fetchWords = (of: Language, namespace: string) =>
  load(of, namespace, files[`./${of}/${namespace}.json`] ?? (() => Promise.reject(new Error(`no words ${namespace}`))));

const fetchAll = (of: Language, namespaces: readonly string[]) =>
  Promise.all(namespaces.map((one) => fetchWords(of, one)));

export async function startTexts() {
  const wanted = deviceLanguage();
  speak(wanted);
  await fetchAll(wanted, firstNamespaces);
  const all = [...new Set(Object.keys(files).map((path) => path.replace(/.*\/|\.json$/g, "")))];
  // The others follow when the browser has nothing to do, or when they are wanted.
  // What is missed now is asked for again when it is wanted.
  const rest = () => void fetchAll(wanted, all).catch(() => undefined);
  if (typeof requestIdleCallback === "function") requestIdleCallback(rest, { timeout: 5_000 });
  else setTimeout(rest, 1_000);
}

function speak(wanted: Language) {
  document.documentElement.lang = wanted;
  const manifest = wanted === "en" ? "/manifest.webmanifest" : `/manifest.${wanted}.webmanifest`;
  document.querySelector("link[rel=manifest]")?.setAttribute("href", manifest);
}

/** Speaks another language from now on, and remembers it on this device. */
export async function changeLanguage(wanted: Language) {
  storeLanguage(wanted);
  if (wanted === language()) return;
  await fetchAll(wanted, namespacesInUse());
  speak(wanted);
  languageChanged();
}

/** Fetches the words of a feature ahead of time; without a connection they stay away. */
export const awaitTexts = async (namespace: FlatNamespace) => fetchWords(language(), namespace)?.catch(() => undefined);

/** For words outside of components: `t("feature:key")`. Those of the first page are there, the others soon after. */
export const t: TFunction<FlatNamespace[]> = translator(["common"]);

/** The words of a feature; the component waits until they are there, and shows them anew in another language. */
export function useTranslation<const Ns extends FlatNamespace | readonly FlatNamespace[] = "common">(
  namespaces?: Ns,
): { t: TFunction<Ns extends readonly FlatNamespace[] ? Ns : [Ns]> } {
  const wanted = typeof namespaces === "string" ? [namespaces] : (namespaces ?? ["common"]);
  const of = useSyncExternalStore(subscribe, language);
  for (const namespace of wanted as readonly string[]) {
    const words = fetchWords(of, namespace) ?? fetched(of, namespace);
    if (words) use(words);
  }
  return { t: translator(wanted as readonly string[]) };
}

/** A sentence with elements in it: `<to>…</to>` and `<ago/>` of the catalogue become the elements of that name. */
export function Trans({ text, components }: { text: string; components: Record<string, ReactElement> }): ReactNode {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(/<(\w+)>(.*?)<\/\1>|<(\w+)\s*\/>/gs)) {
    const element = components[match[1] ?? match[3] ?? ""];
    if (!element) continue;
    parts.push(text.slice(end, match.index));
    parts.push(match[1] ? cloneElement(element, {}, match[2]) : element);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence stay in their places
  return parts.map((part, at) => <Fragment key={at}>{part}</Fragment>);
}
