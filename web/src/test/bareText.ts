// Finds words in components that did not come from a catalogue. Used by a test; no part of the client.
import { parseSync } from "vite";

type Node = { type: string; start: number; [field: string]: unknown };

/** Attributes, of elements and of our components, that people read or hear. */
const spoken = new Set([
  "act",
  "alt",
  "aria-description",
  "aria-label",
  "aria-placeholder",
  "aria-roledescription",
  "aria-valuetext",
  "hint",
  "label",
  "name",
  "placeholder",
  "problem",
  "title",
]);
/** `name` is spoken where a component of ours shows it; on fields of forms it is for the server. */
const unspokenNames = new Set(["input", "textarea", "select", "TextField", "TextArea", "button", "fieldset", "meta"]);

/** The name of the brand and of a scheme are the same in all languages; what has no letters needs no translation. */
const same = /Tintype|https?:\/\//g;
const says = (text: string) => /\p{L}/u.test(text.replace(same, ""));
/** Anywhere in the code, what begins like a sentence is one. */
const sentence = /^\p{Lu}[\p{L}’']*,? \p{Ll}/u;

/** Each bare text as `line: text`. */
export function bareTexts(source: string, path = "a.tsx"): string[] {
  const { program, errors } = parseSync(path, source);
  if (errors.length) throw new Error(`${path}: ${errors[0]?.message}`);
  const found: string[] = [];
  const report = (node: Node, text: string) => {
    if (says(text)) found.push(`${source.slice(0, node.start).split("\n").length}: ${text.trim()}`);
  };
  const literals = (value: unknown) => {
    for (const node of outcomes(value)) {
      if (node.type === "Literal" && typeof node.value === "string") report(node, node.value);
      if (node.type === "TemplateLiteral") {
        const words = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join(" ");
        report(node, words);
      }
    }
  };
  walk(program as unknown as Node, (node) => {
    if (node.type === "Literal" && sentence.test(String(node.value))) report(node, node.value as string);
    if (node.type === "TemplateElement" && sentence.test((node.value as { cooked: string }).cooked)) {
      report(node, (node.value as { cooked: string }).cooked);
    }
    if (node.type === "JSXText") report(node, node.value as string);
    if (node.type === "JSXElement" || node.type === "JSXFragment") {
      for (const child of node.children as Node[]) if (child.type === "JSXExpressionContainer") literals(child);
    }
    if (node.type !== "JSXOpeningElement") return;
    const element = ((node.name as Node).name as string) ?? "";
    for (const attribute of node.attributes as Node[]) {
      const name = (attribute.name as Node | undefined)?.name as string | undefined;
      if (!name || !spoken.has(name) || (name === "name" && unspokenNames.has(element))) continue;
      literals(attribute.value);
    }
  });
  return [...new Set(found)];
}

/** What an expression may come to: both sides of a choice. */
function outcomes(value: unknown): Node[] {
  const node = value as Node | null;
  switch (node?.type) {
    case "JSXExpressionContainer":
      return outcomes(node.expression);
    case "ConditionalExpression":
      return [...outcomes(node.consequent), ...outcomes(node.alternate)];
    case "LogicalExpression":
      return [...outcomes(node.left), ...outcomes(node.right)];
    case "Literal":
    case "TemplateLiteral":
      return [node];
    default:
      return [];
  }
}

function walk(node: Node, visit: (node: Node) => void) {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) walk(child as Node, visit);
    }
  }
}
