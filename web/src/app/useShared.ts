// What another app shared with Tintype comes into the draft.
import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { captionChanged } from "../features/compose/draft";
import { useAppDispatch } from "./store";

export function useShared(on: boolean) {
  const { pathname, search } = useLocation();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const there = on && pathname === "/new" && search === "?shared";
  useEffect(() => {
    if (!there || !("caches" in window)) return;
    const take = async () => {
      const [{ takeShared }, { addFiles }] = await Promise.all([
        import("../worker/sharing"),
        import("../features/compose/uploader"),
      ]);
      const { files, text } = await takeShared();
      dispatch(addFiles(files));
      if (text) dispatch(captionChanged(text));
      navigate("/new", { replace: true });
    };
    void take();
  }, [there, dispatch, navigate]);
}
