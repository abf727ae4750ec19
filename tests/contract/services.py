"""The services, for rules that hold in all of them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    name: ROOT / f"{name.split('_')[0]}-service" / name
    for name in ("auth_service", "catalog_service", "chat_service")
    if (ROOT / f"{name.split('_')[0]}-service" / name / "__init__.py").exists()
}


def sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
