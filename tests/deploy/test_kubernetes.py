"""The Kubernetes manifests: pods that can do little, and talk with nobody who is not named."""

from __future__ import annotations

import ipaddress
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from deployment import KUBERNETES, Manifest, documents, manifests, of_kind, read, tool

from bot.errors import SettingsError
from bot.settings import load_settings

DEPLOYMENTS = of_kind("Deployment")
POLICIES = of_kind("NetworkPolicy")
TOKEN = "TELEGRAM_BOT_TOKEN"
SETTINGS_OF_KUSTOMIZE = documents(KUBERNETES / "kustomization.yaml")[0]


def pod(name: str) -> Manifest:
    """The specification of a deployment's pods."""
    found: Manifest = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    return found


def labels(name: str) -> dict[str, str]:
    """The labels of a deployment's pods."""
    found: dict[str, str] = DEPLOYMENTS[name]["spec"]["template"]["metadata"]["labels"]
    return found


def containers() -> list[tuple[str, Manifest]]:
    """Every container with its deployment."""
    return [(name, each) for name in DEPLOYMENTS for each in pod(name)["containers"]]


def keys(name: str) -> set[tuple[str, str]]:
    """The secrets that a deployment's containers read, and which key of them."""
    found = [
        variable.get("valueFrom", {}).get("secretKeyRef")
        for container in pod(name)["containers"]
        for variable in container.get("env", [])
    ]
    return {(each["name"], each["key"]) for each in found if each}


def test_there_are_three_deployments() -> None:
    assert set(DEPLOYMENTS) == {"waymark-web", "waymark-redis", "waymark-telegram"}


@pytest.mark.parametrize(("name", "container"), containers())
def test_every_container_has_limits_and_probes(name: str, container: Manifest) -> None:
    for kind in ("requests", "limits"):
        assert set(container["resources"][kind]) == {"cpu", "memory"}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe][
            "failureThreshold" if probe != "readinessProbe" else "periodSeconds"
        ]
    if name != "waymark-redis":
        assert container["startupProbe"]["httpGet"]["path"] == "/health/ready"
        assert container["readinessProbe"]["httpGet"]["path"] == "/health/live"
        assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"


@pytest.mark.parametrize(("name", "container"), containers())
def test_every_container_can_do_little(name: str, container: Manifest) -> None:
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
    }
    tag = container["image"].rpartition(":")[2]
    assert re.match(r"\d", tag), container["image"]


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_pod_is_nobody_and_keeps_nothing(name: str) -> None:
    spec = pod(name)

    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] > 0
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False, "a service's variables would look like settings"
    assert spec["terminationGracePeriodSeconds"] >= 10
    for volume in spec["volumes"]:
        kinds = set(volume) - {"name"}
        assert kinds <= {"emptyDir", "configMap"}
        if "emptyDir" in volume:
            assert volume["emptyDir"]["medium"] == "Memory"
            assert volume["emptyDir"]["sizeLimit"]


def test_namespace_refuses_pods_that_could_do_more() -> None:
    [namespace] = of_kind("Namespace").values()

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_web_is_spread_and_replaced_one_by_one() -> None:
    spec = DEPLOYMENTS["waymark-web"]["spec"]

    assert "replicas" not in spec, "the autoscaler decides; applying again would undo it"
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    keys = {each["topologyKey"] for each in pod("waymark-web")["topologySpreadConstraints"]}
    assert keys == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}


def test_autoscaler_and_budget_are_about_deployments_that_exist() -> None:
    [scaler] = of_kind("HorizontalPodAutoscaler").values()
    [budget] = of_kind("PodDisruptionBudget").values()
    target = scaler["spec"]["scaleTargetRef"]

    assert target["name"] in DEPLOYMENTS and target["kind"] == "Deployment"
    assert 2 <= scaler["spec"]["minReplicas"] < scaler["spec"]["maxReplicas"]
    assert scaler["spec"]["metrics"][0]["resource"]["name"] == "cpu"
    assert budget["spec"]["selector"]["matchLabels"] == labels(target["name"])
    assert budget["spec"]["minAvailable"] < scaler["spec"]["minReplicas"]


def test_services_lead_to_pods_that_exist_and_stick_to_none() -> None:
    services = of_kind("Service")

    assert services["waymark"]["spec"]["selector"] == labels("waymark-web")
    assert services["waymark"]["spec"]["sessionAffinity"] == "None"
    assert services["waymark-redis"]["spec"]["selector"] == labels("waymark-redis")
    assert {each["spec"]["type"] for each in services.values()} == {"ClusterIP"}


def test_telegram_runs_once_and_alone_has_the_token() -> None:
    spec = DEPLOYMENTS["waymark-telegram"]["spec"]
    holders = {name for name in DEPLOYMENTS if ("waymark-telegram", TOKEN) in keys(name)}

    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert holders == {"waymark-telegram"}
    [scaler] = of_kind("HorizontalPodAutoscaler").values()
    assert scaler["spec"]["scaleTargetRef"]["name"] != "waymark-telegram"


def test_redis_has_no_disk_and_one_pod() -> None:
    spec = DEPLOYMENTS["waymark-redis"]["spec"]

    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    kinds = {each["kind"] for each in manifests()}
    assert kinds & {"PersistentVolumeClaim", "PersistentVolume", "StatefulSet"} == set()


def test_nothing_talks_unless_it_is_said() -> None:
    deny = POLICIES["deny-all"]["spec"]

    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for policy in POLICIES.values():
        assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        for rule in [*policy["spec"].get("egress", []), *policy["spec"].get("ingress", [])]:
            assert rule.get("ports") and (rule.get("to") or rule.get("from")), "open to all"
    selected = [policy["spec"]["podSelector"].get("matchLabels") for policy in POLICIES.values()]
    for name in DEPLOYMENTS:
        assert labels(name) in selected


def _egress(policy: str) -> list[tuple[Any, set[Any]]]:
    return [
        (rule["to"], {each["port"] for each in rule["ports"]})
        for rule in POLICIES[policy]["spec"]["egress"]
    ]


def test_web_is_asked_by_the_ingress_controller_and_asks_redis_and_names_only() -> None:
    [way_in] = POLICIES["web"]["spec"]["ingress"]
    redis, names = _egress("web")

    assert way_in["from"] == [{"namespaceSelector": {"matchLabels": {"waymark-ingress": "yes"}}}]
    assert redis == ([{"podSelector": {"matchLabels": labels("waymark-redis")}}], {"redis"})
    assert names[0][0]["podSelector"] == {"matchLabels": {"k8s-app": "kube-dns"}}
    assert names[1] == {53}


def test_redis_is_asked_by_waymark_only_and_asks_nobody() -> None:
    spec = POLICIES["redis"]["spec"]

    [way_in] = spec["ingress"]
    [source] = way_in["from"]
    asked_by = {
        each["key"].rpartition("/")[2]: set(each["values"])
        for each in source["podSelector"]["matchExpressions"]
    }
    assert asked_by == {"name": {"waymark"}, "component": {"web", "telegram"}}
    assert spec["egress"] == []


def test_telegram_is_asked_by_nobody_and_reaches_telegram_s_networks() -> None:
    redis, names, telegram = _egress("telegram")

    assert POLICIES["telegram"]["spec"]["ingress"] == []
    assert [redis, names] == _egress("web")
    networks = [ipaddress.ip_network(each["ipBlock"]["cidr"]) for each in telegram[0]]
    assert telegram[1] == {443}
    assert ipaddress.ip_network("149.154.160.0/20") in networks
    assert all(each.prefixlen >= 20 for each in networks)
    unit = re.findall(r"^IPAddressAllow=(.*)$", read("systemd/telegram.conf"), re.M)
    assert {str(each) for each in networks} == set(" ".join(unit).split())


def test_counts_are_asked_for_by_marked_namespaces_and_never_without_a_token() -> None:
    spec = POLICIES["metrics"]["spec"]
    [way_in] = spec["ingress"]
    text = read("kubernetes/kustomization.yaml")
    switched_on = dict(re.findall(r"^ *# - (WAYMARK_METRICS_\w+)=(.*)$", text, re.M))
    ports = {
        each["name"]: each["containerPort"] for each in pod("waymark-web")["containers"][0]["ports"]
    }

    assert spec["podSelector"]["matchLabels"] == labels("waymark-web") and spec["egress"] == []
    assert way_in["from"] == [{"namespaceSelector": {"matchLabels": {"waymark-metrics": "yes"}}}]
    assert [each["port"] for each in way_in["ports"]] == ["metrics"]
    assert ("waymark", "WAYMARK_METRICS_TOKEN") in keys("waymark-web")
    with pytest.raises(SettingsError, match="WAYMARK_METRICS_TOKEN"):
        load_settings(switched_on)
    settings = load_settings({**switched_on, "WAYMARK_METRICS_TOKEN": "0123456789" * 4})
    assert settings.metrics_port == ports["metrics"]


def test_pods_read_the_keys_that_the_secrets_hold() -> None:
    held = {(name, key) for name, each in of_kind("Secret").items() for key in each["stringData"]}

    assert {key for name in DEPLOYMENTS for key in keys(name)} == held
    for name in ("waymark-web", "waymark-telegram"):
        assert {("waymark", "WAYMARK_SECRET"), ("waymark", "WAYMARK_REDIS_URL")} <= keys(name)
    assert not [name for name in SETTINGS_OF_KUSTOMIZE["resources"] if "example" in name]


@pytest.mark.parametrize("name", ["waymark", "waymark-telegram"])
def test_nothing_starts_with_the_secrets_of_the_example(name: str) -> None:
    with pytest.raises(SettingsError):
        load_settings(of_kind("Secret")[name]["stringData"])

    assert of_kind("Secret")["waymark-redis"]["stringData"] == {"REDIS_PASSWORD": ""}


def test_configuration_that_pods_read_is_made() -> None:
    made = {each["name"] for each in SETTINGS_OF_KUSTOMIZE["configMapGenerator"]}
    read_by_pods = {
        source["configMapRef"]["name"]
        for _, container in containers()
        for source in container.get("envFrom", [])
        if "configMapRef" in source
    } | {
        volume["configMap"]["name"]
        for name in DEPLOYMENTS
        for volume in pod(name)["volumes"]
        if "configMap" in volume
    }

    assert read_by_pods == made


def test_kustomization_names_every_file() -> None:
    text = read("kubernetes/kustomization.yaml")
    present = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}

    assert {name for name in present if name not in text} == {
        "secret.example.yaml",
        "ingress.example.yaml",
    }
    assert SETTINGS_OF_KUSTOMIZE["images"][0]["newTag"] == "0.1.0"


def _built(folder: Path) -> list[Manifest]:
    """What kustomize makes of the folder with Telegram."""
    kubectl = tool("kubectl")
    copy = folder / "kubernetes"
    shutil.copytree(KUBERNETES, copy)
    file = copy / "kustomization.yaml"
    file.write_text(file.read_text("utf-8").replace("  # - telegram.yaml", "  - telegram.yaml"))
    done = subprocess.run([kubectl, "kustomize", str(copy)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def test_kustomize_builds_it(tmp_path: Path) -> None:
    built = _built(tmp_path)

    assert len(built) == 14
    for each in built:
        if each["kind"] != "Namespace":
            assert each["metadata"]["namespace"] == "waymark"
    images = {
        container["image"]
        for each in built
        if each["kind"] == "Deployment"
        for container in each["spec"]["template"]["spec"]["containers"]
    }
    assert images == {
        "registry.example.org/waymark:0.1.0",
        "docker.io/library/redis:8.2-alpine",
    }


def test_manifests_fit_kubernetes_own_schema() -> None:
    for manifest in manifests():
        kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
