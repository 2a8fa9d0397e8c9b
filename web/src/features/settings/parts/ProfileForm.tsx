// What others see of oneself.

import { type FormEvent, useState } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Me } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { TextArea, TextField } from "../../../ui/Field";
import { Loading } from "../../../ui/states";
import { showToast } from "../../../ui/toasts";
import { useSession } from "../../session/hooks/useSession";
import { Portrait } from "./Portrait";

const longestBio = 150;

export function ProfileForm() {
  const { me } = useSession();
  if (!me) return <Loading />;
  return (
    <>
      <Portrait me={me} />
      <Form key={me.user_id} me={me} />
    </>
  );
}

function Form({ me }: { me: Me }) {
  const { t } = useTranslation("settings");
  const [save, { error, isLoading }] = api.useUpdateMeMutation();
  const [bio, setBio] = useState(me.bio ?? "");
  const dispatch = useAppDispatch();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const { error: refused } = await save({
      body: {
        full_name: text("full_name"),
        bio: bio.trim(),
        website: text("website") || null,
      },
    });
    if (!refused) dispatch(showToast({ text: t("saved") }));
  };
  const atField = ["full_name", "bio", "website"].some((name) => fieldError(error, name));
  return (
    <form onSubmit={submit} className="grid max-w-[460px] gap-5">
      {error && (
        <p role="alert" className="rounded-s bg-sunken px-3 py-2 text-danger">
          {atField ? t("notSaved") : friendly(error)}
        </p>
      )}
      <TextField
        label={t("fullName")}
        name="full_name"
        defaultValue={me.full_name ?? ""}
        maxLength={100}
        autoComplete="name"
        dir="auto"
        problem={fieldError(error, "full_name")}
      />
      <TextArea
        label={t("bio")}
        name="bio"
        rows={3}
        dir="auto"
        value={bio}
        onChange={(event) => setBio(event.target.value)}
        hint={t("bioLength", { length: [...bio].length, most: longestBio })}
        problem={[...bio].length > longestBio ? t("bioLong", { most: longestBio }) : fieldError(error, "bio")}
      />
      <TextField
        label={t("website")}
        name="website"
        type="url"
        placeholder="https://"
        defaultValue={me.website ?? ""}
        maxLength={200}
        autoComplete="url"
        problem={fieldError(error, "website")}
      />
      <Button type="submit" busy={isLoading} disabled={[...bio].length > longestBio} className="justify-self-start">
        {t("save")}
      </Button>
    </form>
  );
}
