"""deploy/kubernetes: every overlay is valid, safe, complete, and within what one database carries."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deploy.kustomize import Manifest, by_name, rendered
from tests.repository.tree import ROOT
from tintype.entry import worker
from tintype.entry.plan_figures import ID_PROCESSES
from tintype.entry.subscriptions import JOBS, SUBSCRIPTIONS
from tintype.platform import secrets, telemetry
from tintype.platform.config import Settings

FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAYS = sorted(path.parent.name for path in FOLDER.glob("overlays/*/kustomization.yaml"))
VERSIONS = ["1.32", "1.37"]
COMMANDS_BESIDE = 2  # `tintype verify` and the like take an id node while they run
RUNNING = {"Deployment", "Job"}


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> dict[tuple[str, str], Manifest]:
    """The manifests of one overlay, by kind and name."""
    return by_name(rendered(FOLDER / "overlays" / request.param))


def of_kind(overlay: dict[tuple[str, str], Manifest], *kinds: str) -> list[Manifest]:
    return [one for (kind, _), one in overlay.items() if kind in kinds]


def pods(overlay: dict[tuple[str, str], Manifest]) -> list[Manifest]:
    return [one["spec"]["template"]["spec"] for one in of_kind(overlay, *RUNNING)]


def labels_of(one: Manifest) -> dict[str, str]:
    found: dict[str, str] = one["spec"]["template"]["metadata"]["labels"]
    return found


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    matches = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    for rule in selector.get("matchExpressions", []):
        matches &= (labels.get(rule["key"]) in rule["values"]) is (rule["operator"] == "In")
    return matches


def arguments(one: Manifest, option: str) -> list[str]:
    args = one["spec"]["template"]["spec"]["containers"][0]["args"]
    return str(args[args.index(option) + 1]).split(",") if option in args else []


def test_the_three_places_are_there() -> None:
    assert {"development", "staging", "production"} <= set(OVERLAYS)


@pytest.mark.parametrize("name", OVERLAYS)
def test_what_is_rendered_here_is_what_kubectl_renders(name: str) -> None:
    ours = by_name(rendered(FOLDER / "overlays" / name))
    assert ours
    if shutil.which("kubectl"):
        command = ["kubectl", "kustomize", str(FOLDER / "overlays" / name)]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert ours == by_name(list(yaml.safe_load_all(text)))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid(overlay: dict[tuple[str, str], Manifest], version: str) -> None:
    for one in overlay.values():
        kubernetes_validate.validate(one, version, strict=True)


def test_a_wrong_manifest_is_found(overlay: dict[tuple[str, str], Manifest]) -> None:
    wrong = {**of_kind(overlay, "Deployment")[0], "spec": {"replica": 3}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_pods_are_not_root_and_write_only_where_they_must(overlay: dict[tuple[str, str], Manifest]) -> None:
    for pod in pods(overlay):
        assert pod["automountServiceAccountToken"] is False
        security = pod["securityContext"]
        assert security["runAsNonRoot"] is True
        assert security["runAsUser"] >= 10_000
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            mounted = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
            assert set(mounted) == {one["name"] for one in pod["volumes"]}
            assert {mounted["data"], mounted["tmp"]} == {"/data", "/tmp"}
            assert container["resources"]["limits"]["memory"]
            assert set(container["resources"]["requests"]) == {"cpu", "memory"}


def test_images_have_a_version(overlay: dict[tuple[str, str], Manifest]) -> None:
    for pod in pods(overlay):
        for container in pod["containers"]:
            assert re.fullmatch(r"registry\.example\.org/tintype:\d+\.\d+\.\d+", container["image"])


def test_secrets_are_named_and_never_written_down(overlay: dict[tuple[str, str], Manifest]) -> None:
    assert not of_kind(overlay, "Secret")
    for pod in pods(overlay):
        named = [one["secretRef"]["name"] for one in pod["containers"][0]["envFrom"] if "secretRef" in one]
        assert named == ["tintype-urls"]
        assert [one["secret"]["secretName"] for one in pod["volumes"] if "secret" in one] == ["tintype-keys"]
        assert "env" not in pod["containers"][0]
    for one in of_kind(overlay, "ConfigMap"):
        assert not re.search(r"(?i)password|secret|key|://[^/\s]*:[^/\s]*@", str(one["data"]))


def test_every_setting_is_one(overlay: dict[tuple[str, str], Manifest]) -> None:
    (config,) = [one for one in of_kind(overlay, "ConfigMap") if "TINTYPE_PUBLIC_URL" in one["data"]]
    assert {name.removeprefix("TINTYPE_").lower() for name in config["data"]} <= set(Settings.model_fields)
    environment = {name.removeprefix("TINTYPE_").lower(): value for name, value in config["data"].items()}
    with pytest.raises(ValueError, match="TINTYPE_S3_URL has to be set"):
        Settings.model_validate(environment)
    secret = {"database_url": "postgresql://db/tintype", "redis_url": "redis://redis"}
    secret |= {"s3_url": "https://s3.example.org/media", "s3_key": "key", "s3_secret": "word"}
    settings = Settings.model_validate({**environment, **secret})
    assert settings.secure_cookies
    assert settings.public_url == f"https://{of_kind(overlay, 'Ingress')[0]['spec']['rules'][0]['host']}"


def test_what_is_named_is_there(overlay: dict[tuple[str, str], Manifest]) -> None:
    for pod in pods(overlay):
        assert ("ServiceAccount", pod["serviceAccountName"]) in overlay
        maps = [one["configMapRef"]["name"] for one in pod["containers"][0]["envFrom"] if "configMapRef" in one]
        maps += [one["configMap"]["name"] for one in pod["volumes"] if "configMap" in one]
        assert all(("ConfigMap", name) in overlay for name in maps)
    for one in of_kind(overlay, "Ingress"):
        for path in one["spec"]["rules"][0]["http"]["paths"]:
            assert ("Service", path["backend"]["service"]["name"]) in overlay
    for one in of_kind(overlay, "HorizontalPodAutoscaler"):
        assert ("Deployment", one["spec"]["scaleTargetRef"]["name"]) in overlay
    spaces = {one["metadata"].get("namespace") for one in overlay.values() if one["kind"] != "Namespace"}
    assert spaces == {one["metadata"]["name"] for one in of_kind(overlay, "Namespace")}


def test_each_deployment_scales_survives_drains_and_is_probed(overlay: dict[tuple[str, str], Manifest]) -> None:
    for one in of_kind(overlay, "Deployment"):
        name, labels = one["metadata"]["name"], labels_of(one)
        assert "replicas" not in one["spec"]  # the autoscaler's
        assert selects(one["spec"]["selector"], labels)
        assert ("HorizontalPodAutoscaler", name) in overlay
        budgets = [
            each for each in of_kind(overlay, "PodDisruptionBudget") if selects(each["spec"]["selector"], labels)
        ]
        assert [each["metadata"]["name"] for each in budgets] == [name]
        container = one["spec"]["template"]["spec"]["containers"][0]
        assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert {each["name"]: each["containerPort"] for each in container["ports"]}["admin"] == 8001
        assert one["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_no_two_deployments_want_the_same_pods(overlay: dict[tuple[str, str], Manifest]) -> None:
    deployments = of_kind(overlay, "Deployment")
    for one in deployments:
        chosen = [each for each in deployments if selects(one["spec"]["selector"], labels_of(each))]
        assert chosen == [one]


def test_autoscalers_look_at_cpu_and_at_queues(overlay: dict[tuple[str, str], Manifest]) -> None:
    assert telemetry.LOG_LAG._name == "tintype_log_lag_events"
    queues: list[str] = []
    for one in of_kind(overlay, "HorizontalPodAutoscaler"):
        metrics = {each["type"]: each for each in one["spec"]["metrics"]}
        assert metrics["Resource"]["resource"]["name"] == "cpu"
        if "External" in metrics:
            metric = metrics["External"]["external"]["metric"]
            assert metric["name"] == "tintype_log_lag_events"
            (rule,) = metric["selector"]["matchExpressions"]
            deployment = overlay[("Deployment", one["spec"]["scaleTargetRef"]["name"])]
            assert rule["values"] == arguments(deployment, "--groups")
            queues += rule["values"]
    assert set(queues) == {one.group for one in SUBSCRIPTIONS}


def test_the_adapter_gives_the_metric_that_autoscalers_ask_for() -> None:
    (rule,) = yaml.safe_load((FOLDER / "monitoring" / "prometheus-adapter.yaml").read_text())["rules"]["external"]
    assert rule["name"]["as"] == "tintype_log_lag_events"
    assert rule["seriesQuery"].startswith("tintype_log_lag_events{")


def test_every_group_and_every_job_has_a_worker(overlay: dict[tuple[str, str], Manifest]) -> None:
    workers = [one for one in of_kind(overlay, "Deployment") if "worker" in one["metadata"]["name"]]
    groups = [one for each in workers for one in arguments(each, "--groups") if one != worker.NONE]
    assert sorted(groups) == sorted({one.group for one in SUBSCRIPTIONS})
    kinds = [arguments(each, "--jobs") for each in workers]
    assert sorted(name for each in kinds for name in worker.worked(each)) == sorted(JOBS)
    for each in workers:
        worker.consumed(arguments(each, "--groups"))


def test_all_that_may_run_at_once_find_an_id_node(overlay: dict[tuple[str, str], Manifest]) -> None:
    most = sum(one["spec"]["maxReplicas"] for one in of_kind(overlay, "HorizontalPodAutoscaler"))
    surge = sum(one["spec"]["strategy"]["rollingUpdate"]["maxSurge"] for one in of_kind(overlay, "Deployment"))
    assert most + surge + COMMANDS_BESIDE <= ID_PROCESSES.value


def test_nothing_comes_in_but_what_is_named(overlay: dict[tuple[str, str], Manifest]) -> None:
    policies = of_kind(overlay, "NetworkPolicy")
    for one in of_kind(overlay, *RUNNING):
        mine = [each["spec"] for each in policies if selects(each["spec"]["podSelector"], labels_of(one))]
        assert any(set(each["policyTypes"]) == {"Ingress", "Egress"} and len(each) == 2 for each in mine)
        ports = {port["port"] for each in mine for rule in each.get("ingress", []) for port in rule["ports"]}
        assert ports == ({"http", "admin"} if labels_of(one)["app.kubernetes.io/component"] == "api" else {"admin"})
        assert all(rule.get("from") or rule.get("to") for each in mine for rule in _rules(each))


def _rules(policy: Manifest) -> list[Manifest]:
    return [*policy.get("ingress", []), *policy.get("egress", [])]


def serving(overlay: dict[tuple[str, str], Manifest], service: str) -> set[str]:
    """The deployments whose pods a Service chooses."""
    selector = {"matchLabels": overlay[("Service", service)]["spec"]["selector"]}
    return {one["metadata"]["name"] for one in of_kind(overlay, "Deployment") if selects(selector, labels_of(one))}


def test_migrations_can_be_applied_before_everything_else(overlay: dict[tuple[str, str], Manifest]) -> None:
    before = {
        key: one
        for key, one in overlay.items()
        if one["metadata"].get("labels", {}).get("tintype.example/step") == "before"
    }
    assert {kind for kind, _ in before} == {"Namespace", "ServiceAccount", "ConfigMap", "NetworkPolicy", "Job"}
    (job,) = of_kind(before, "Job")
    pod = job["spec"]["template"]["spec"]
    named = [one["configMapRef"]["name"] for one in pod["containers"][0]["envFrom"] if "configMapRef" in one]
    assert all(("ConfigMap", name) in before for name in named)
    policies = [one for one in of_kind(overlay, "NetworkPolicy") if selects(one["spec"]["podSelector"], labels_of(job))]
    needed = {one["metadata"]["name"] for one in policies} - {"monitoring"}
    assert needed == {name for kind, name in before if kind == "NetworkPolicy"}


def test_green_gets_no_requests_until_it_is_switched_to() -> None:
    green = by_name(rendered(FOLDER / "overlays" / "production-green"))
    assert serving(green, "api") == {"api"}
    assert serving(green, "api-green") == {"api-green"}
    green[("Service", "api")]["spec"]["selector"]["slot"] = "green"
    assert serving(green, "api") == {"api-green"}


def test_the_canary_takes_its_share_with_one_pod() -> None:
    canary = by_name(rendered(FOLDER / "overlays" / "production-canary"))
    assert serving(canary, "api") == {"api", "api-canary"}
    scaler = canary[("HorizontalPodAutoscaler", "api-canary")]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (1, 1)


def test_the_keys_that_operators_are_told_to_make_are_those_that_are_read() -> None:
    page = Path(ROOT / "docs" / "deploy.md").read_text()
    made = re.search(r"for name in ([a-z ]+); do", page)
    assert made is not None
    assert made[1].split() == list(secrets.Secrets.__struct_fields__)
