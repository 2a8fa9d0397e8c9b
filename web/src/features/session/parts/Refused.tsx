// What went wrong at a provider: the address that one came back to says it by its code.
import { explain } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { Problem } from "./Problem";

export function Refused({ code }: { code: string }) {
  useTranslation("errors");
  return <Problem>{explain({ code, message: code })}</Problem>;
}
