// Chooses the part of a picture that one is shown with.
import { lazy, Suspense, useEffect, useState } from "react";
import { friendly } from "../../../api/errors";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Spinner } from "../../../ui/Spinner";
import { showToast } from "../../../ui/toasts";
import { setAvatar } from "../avatar";
import { type Crop, noEdit } from "../edit";
import { useFrameImage } from "../hooks/useFrameImage";
import { useStudio } from "../hooks/useStudio";
import { Slider } from "./Slider";

const Cutter = lazy(() => import("./Cutter"));

export default function AvatarDialog({ file, onClose }: { file: File; onClose: () => void }) {
  const { t } = useTranslation("edit");
  const dispatch = useAppDispatch();
  const { studio, failed } = useStudio(file);
  const frame = useFrameImage(studio, noEdit);
  const [zoom, setZoom] = useState(1);
  const [crop, setCrop] = useState<Crop | null>(null);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [leaving] = useState(() => new AbortController());
  useEffect(() => () => leaving.abort(), [leaving]);
  const save = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const rejected = await dispatch(setAvatar(file, crop, leaving.signal));
      if (rejected) return setProblem(rejected);
      dispatch(showToast({ text: t("avatar.saved") }));
      onClose();
    } catch (error) {
      setProblem(friendly(error));
    } finally {
      setBusy(false);
    }
  };
  const action = (
    <Button onClick={save} busy={isBusy} disabled={!frame && !failed}>
      {t("avatar.save")}
    </Button>
  );
  return (
    <Dialog title={t("avatar.title")} onClose={onClose} action={action} className="md:w-[min(92vw,480px)]">
      <div className="relative h-[min(56dvh,420px)] bg-sunken">
        {frame ? (
          <Suspense>
            <Cutter image={frame.url} aspect={1} zoom={zoom} onZoom={setZoom} first={null} onCrop={setCrop} isRound />
          </Suspense>
        ) : (
          <div className="absolute inset-0 grid place-items-center p-6 text-center">
            {failed ? <p>{t("avatar.cannotShow")}</p> : <Spinner />}
          </div>
        )}
      </div>
      <div className="grid gap-3 p-4">
        {frame && (
          <Slider
            label={t("zoom")}
            value={Math.round(zoom * 100) / 100}
            least={1}
            most={8}
            step={0.05}
            rest={1}
            shown={`${Math.round(zoom * 100)} %`}
            onChange={setZoom}
          />
        )}
        {problem && (
          <p role="alert" className="text-danger">
            {problem}
          </p>
        )}
        <p className="text-ink-faint text-xs">{isBusy ? t("avatar.working") : t("avatar.hint")}</p>
      </div>
    </Dialog>
  );
}
