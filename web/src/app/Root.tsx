// Which page an address shows. A dialog with an address of its own opens over the page it was called from.
import type { FlatNamespace } from "i18next";
import { type ComponentType, lazy, Suspense } from "react";
import { type Location, Navigate, Route, Routes, useLocation } from "react-router";
import { Home } from "../features/feed/pages/Home";
import { useSession } from "../features/session/hooks/useSession";
import { awaitTexts } from "../i18n";
import { Loading } from "../ui/states";
import { Toaster } from "../ui/Toaster";
import { DropAnywhere } from "./DropAnywhere";
import { Frame } from "./Frame";
import { loadCompose } from "./loadCompose";
import { NotFound } from "./NotFound";
import { Shortcuts } from "./Shortcuts";
import { usePlace } from "./usePlace";
import { useShared } from "./useShared";
import { useUnder } from "./useUnder";

/** A page of its own file, shown when its words are there too: one that waits for them later would vanish again. */
const page = <Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  ...words: FlatNamespace[]
) => lazy(async () => (await Promise.all([load(), ...words.map(awaitTexts)]))[0]);

const Login = page(() => import("../features/session/pages/Login"), "session", "accounts");
const Register = page(() => import("../features/session/pages/Register"), "session");
const Reset = page(() => import("../features/session/pages/Reset"), "session");
const Forgot = page(() => import("../features/session/pages/Forgot"), "session");
const Verify = page(() => import("../features/session/pages/Verify"), "session");
const Welcome = page(() => import("../features/session/pages/Welcome"), "session");
const People = page(() => import("../features/people/pages/People"), "people", "profile", "discovery");
const PostPage = page(() => import("../features/post/pages/PostPage"), "talk");
const ProfilePage = page(() => import("../features/profile/pages/ProfilePage"), "profile");
const PeopleList = page(() => import("../features/profile/pages/PeopleList"), "profile");
const Kept = page(() => import("../features/profile/pages/Kept"), "profile");
const Explore = page(() => import("../features/discovery/pages/Explore"), "discovery", "profile");
const HashtagPage = page(() => import("../features/discovery/pages/HashtagPage"), "discovery", "profile");
const Requests = page(() => import("../features/people/pages/Requests"), "people", "profile");
const Settings = page(() => import("../features/settings/pages/Settings"), "settings", "accounts", "edit");
const Compose = page(loadCompose, "compose", "details", "edit");

export function Root() {
  const location = useLocation();
  const { ended } = useSession();
  const under = useUnder();
  if (ended && location.pathname !== "/login") {
    return <Navigate to="/login" replace state={{ next: location.pathname, ended: true }} />;
  }
  return (
    <>
      <DropAnywhere>
        <Suspense fallback={<Loading />}>
          <Pages under={under} location={location} />
        </Suspense>
      </DropAnywhere>
      <Toaster />
      <Shortcuts />
    </>
  );
}

function Pages({ under, location }: { under: Location | undefined; location: Location }) {
  const composing = location.pathname === "/new";
  const page = under ?? (composing ? { ...location, pathname: "/" } : location);
  usePlace(page);
  return (
    <>
      <Routes location={page}>
        <Route path="/login" element={<Login />} />
        <Route path="/register" element={<Register />} />
        <Route path="/reset" element={<Reset />} />
        <Route path="/forgot" element={<Forgot />} />
        <Route path="/verify" element={<Verify />} />
        <Route path="/welcome" element={<Welcome />} />
        <Route element={<Frame />}>
          <Route path="/posts/:postId" element={<PostPage />} />
          <Route path="/p/:postId" element={<PostPage />} />
          <Route path="/explore" element={<Explore />} />
          <Route path="/hashtags/:name" element={<HashtagPage />} />
          <Route path="/:handle" element={<ProfilePage />} />
          <Route path="/:handle/followers" element={<PeopleList list="followers" />} />
          <Route path="/:handle/following" element={<PeopleList list="following" />} />
          <Route path="*" element={<NotFound />} />
        </Route>
        <Route element={<Frame forMembers />}>
          <Route path="/" element={<Home />} />
          <Route path="/people" element={<People />} />
          <Route path="/requests" element={<Requests />} />
          <Route path="/saved" element={<Kept list="saved" />} />
          <Route path="/archive" element={<Kept list="archive" />} />
          <Route path="/settings/:section?" element={<Settings />} />
        </Route>
      </Routes>
      {composing && <Composing />}
    </>
  );
}

function Composing() {
  const { me, out } = useSession();
  const { pathname, search } = useLocation();
  useShared(me !== undefined);
  if (out) return <Navigate to="/login" replace state={{ next: pathname + search }} />;
  return (
    <Suspense>
      <Compose />
    </Suspense>
  );
}
