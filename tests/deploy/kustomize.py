"""The part of Kustomize that deploy/kubernetes uses, so that its overlays are rendered where there is no `kubectl`.

It knows resources, namespace, nameSuffix, labels with selectors, images, generated ConfigMaps and JSON patches, and
refuses everything else; where `kubectl` is there, a test compares the two.
"""

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

Manifest = dict[str, Any]

KNOWN = {
    "apiVersion", "kind", "namespace", "resources", "nameSuffix", "labels", "images", "configMapGenerator", "patches",
}  # fmt: skip
CLUSTER_WIDE = {"Namespace"}
# Where a manifest names another one: the kind that is named, and the way to its name.
REFERENCES: list[tuple[str, tuple[str, ...]]] = [
    ("Deployment", ("spec", "scaleTargetRef", "name")),
    ("ConfigMap", ("spec", "template", "spec", "containers", "*", "envFrom", "*", "configMapRef", "name")),
    ("ConfigMap", ("spec", "template", "spec", "volumes", "*", "configMap", "name")),
    ("ServiceAccount", ("spec", "template", "spec", "serviceAccountName")),
    ("Service", ("spec", "rules", "*", "http", "paths", "*", "backend", "service", "name")),
]
SELECTORS: dict[str, list[tuple[str, ...]]] = {
    "Deployment": [
        ("spec", "selector", "matchLabels"),
        ("spec", "template", "metadata", "labels"),
        ("spec", "template", "spec", "topologySpreadConstraints", "*", "labelSelector", "matchLabels"),
    ],
    "Service": [("spec", "selector")],
    "PodDisruptionBudget": [("spec", "selector", "matchLabels")],
    "HorizontalPodAutoscaler": [],
}


class Unknown(ValueError):
    """Something that only the real Kustomize knows."""


def rendered(folder: Path) -> list[Manifest]:
    """The manifests of a folder with a kustomization.yaml, as `kubectl kustomize` makes them, in any order."""
    manifests = _accumulated(folder.resolve())
    names: dict[tuple[str, str], str] = {}
    for one in manifests:
        generated = one["metadata"].pop("~hashed", False)
        if generated:
            name = one["metadata"]["name"]
            one["metadata"]["name"] = names[(one["kind"], name)] = f"{name}-{_hash(one)}"
    _point_to(manifests, names)
    return manifests


def _accumulated(folder: Path) -> list[Manifest]:
    asked = yaml.safe_load((folder / "kustomization.yaml").read_text())
    if set(asked) - KNOWN:
        raise Unknown(f"{folder}: {set(asked) - KNOWN}")
    manifests: list[Manifest] = []
    for name in asked.get("resources", []):
        path = folder / name
        if path.is_dir():
            manifests += _accumulated(path)
        else:
            manifests += [one for one in yaml.safe_load_all(path.read_text()) if one is not None]
    manifests += [_config_map(one) for one in asked.get("configMapGenerator", [])]
    for patch in asked.get("patches", []):
        _patch(manifests, patch)
    for labels in asked.get("labels", []):
        _label(manifests, labels)
    _suffix(manifests, asked.get("nameSuffix", ""))
    for image in asked.get("images", []):
        _image(manifests, image)
    for one in manifests:
        if "namespace" in asked and one["kind"] not in CLUSTER_WIDE:
            one["metadata"]["namespace"] = asked["namespace"]
    return manifests


def _config_map(asked: dict[str, Any]) -> Manifest:
    if set(asked) != {"name", "literals", "options"} or set(asked["options"]) != {"labels"}:
        raise Unknown(f"configMapGenerator: {set(asked)}")
    data = dict(sorted(literal.split("=", 1) for literal in asked["literals"]))
    metadata = {"name": asked["name"], "labels": dict(asked["options"]["labels"]), "~hashed": True}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def _hash(config_map: Manifest) -> str:
    """Kustomize's suffix: ten digits of a SHA-256, without those that look or read badly."""
    text = json.dumps(
        {"data": config_map["data"], "kind": "ConfigMap", "name": ""}, separators=(",", ":"), sort_keys=True
    )
    text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return hashlib.sha256(text.encode()).hexdigest()[:10].translate(str.maketrans("013ae", "ghkmt"))


def _patch(manifests: list[Manifest], asked: dict[str, Any]) -> None:
    target = asked["target"]
    if set(asked) != {"target", "patch"} or set(target) - {"kind", "name", "labelSelector"}:
        raise Unknown(f"patches: {asked}")
    key, _, value = target.get("labelSelector", "-!=-").partition("!=")
    found = [
        one
        for one in manifests
        if one["kind"] == target["kind"]
        and target.get("name", one["metadata"]["name"]) == one["metadata"]["name"]
        and one["metadata"].get("labels", {}).get(key) != value
    ]
    if not found:
        raise Unknown(f"nothing is patched by {target}")
    for one in found:
        for step in yaml.safe_load(asked["patch"]):
            *way, last = [int(part) if part.isdigit() else part for part in step["path"].split("/")[1:]]
            place: Any = one
            for part in way:
                place = place[part]
            match step["op"]:
                case "replace":
                    assert place[last] is not None
                    place[last] = step["value"]
                case "remove":
                    del place[last]
                case other:
                    raise Unknown(other)


def _label(manifests: list[Manifest], asked: dict[str, Any]) -> None:
    if set(asked) != {"pairs", "includeSelectors"} or not asked["includeSelectors"]:
        raise Unknown(f"labels: {asked}")
    for one in manifests:
        one["metadata"].setdefault("labels", {}).update(asked["pairs"])
        for way in SELECTORS[one["kind"]]:
            for place in _places(one, way):
                place.update(asked["pairs"])


def _suffix(manifests: list[Manifest], suffix: str) -> None:
    if suffix:
        names = {(one["kind"], one["metadata"]["name"]): one["metadata"]["name"] + suffix for one in manifests}
        for one in manifests:
            one["metadata"]["name"] += suffix
        _point_to(manifests, names)


def _point_to(manifests: list[Manifest], names: dict[tuple[str, str], str]) -> None:
    for one in manifests:
        for kind, way in REFERENCES:
            for place in _places(one, way[:-1]):
                name = place.get(way[-1])
                place.update({way[-1]: names[(kind, name)]} if (kind, name) in names else {})


def _image(manifests: list[Manifest], asked: dict[str, Any]) -> None:
    for one in manifests:
        for container in _places(one, ("spec", "template", "spec", "containers", "*")):
            if container["image"].partition(":")[0] == asked["name"]:
                container["image"] = f"{asked['newName']}:{asked['newTag']}"


def _places(root: Any, way: tuple[str, ...]) -> list[Any]:
    """Everything at the end of a way, where `*` is each element of a list; nothing where it leads nowhere."""
    places = [root]
    for part in way:
        if part == "*":
            places = [each for place in places for each in place]
        else:
            places = [place[part] for place in places if part in place]
    return places


def by_name(manifests: list[Manifest]) -> dict[tuple[str, str], Manifest]:
    """Manifests by kind and name. Raises AssertionError when two have the same."""
    found = {(one["kind"], one["metadata"]["name"]): copy.deepcopy(one) for one in manifests}
    assert len(found) == len(manifests)
    return found
