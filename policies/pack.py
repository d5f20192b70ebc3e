"""What a pack knows about the program it is asked to judge.

The engine tells a pack its own folder only, never the program's: profile and waivers are found by the
project's name among the programs beside the pack, else through `LEDGERGATE_PROJECT`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergate.engine.project import Project, ProjectError, load_project
from ledgergate.errors import LedgergateError
from policies.catalogue import load_catalogue
from policies.model import Control
from policies.settings import PROFILE_FILE, Profile, Settings, load_profile
from policies.waivers import WAIVER_FILE, Waiver, bound_to, load_waivers

PROJECT_VARIABLE: Final = "LEDGERGATE_PROJECT"


@dataclass(frozen=True, slots=True)
class Pack:
    """The catalogue and what one program and stack say about it.

    Args:
        controls: Every control.
        settings: Parameters of the controls.
        waivers: Exceptions of the program.
        program: Project name.
        stack: Stack name.
        preview: Whether nothing is created in this phase, so that an unknown value may still become known.
        note: What the user must know, or empty.
    """

    controls: tuple[Control, ...]
    settings: Settings
    waivers: tuple[Waiver, ...]
    program: str
    stack: str
    preview: bool
    note: str = ""


def load_pack(folder: Path, environment: Mapping[str, str]) -> Pack:
    """Load controls, profile and waivers for the run that the language host announces.

    Args:
        folder: Folder of the pack.
        environment: `PULUMI_PROJECT`, `PULUMI_STACK`, `PULUMI_DRY_RUN` and `LEDGERGATE_PROJECT` are read.

    Raises:
        LedgergateError: Something is malformed; nothing is judged then.
    """
    project, stack = environment.get("PULUMI_PROJECT", ""), environment.get("PULUMI_STACK", "")
    program = _program(folder, project, environment.get(PROJECT_VARIABLE, ""))
    preview = environment.get("PULUMI_DRY_RUN") == "true"
    if program is None:
        note = (
            f"no program called {project or '(none named)'} lies beside the policy pack: default settings, no waivers; "
            f"set {PROJECT_VARIABLE} to the program's folder"
        )
        controls = load_catalogue().select()
        return Pack(controls, Settings(), (), project, stack, preview, note)
    profile_path, waivers_path = program.folder / PROFILE_FILE, program.folder / WAIVER_FILE
    profile = load_profile(profile_path, stack, program.stacks) if profile_path.is_file() else Profile(Settings())
    catalogue = load_catalogue(profile.control_folders)
    written = load_waivers(waivers_path, catalogue.names) if waivers_path.is_file() else []
    waivers = bound_to(program.stacks, written)
    return Pack(catalogue.select(), profile.settings, waivers, project, stack, preview)


def _program(pack: Path, name: str, named: str) -> Project | None:
    if named:
        return load_project(Path(named))
    found = [each for each in _programs_beside(pack) if each.name == name]
    if len(found) > 1:
        places = ", ".join(str(each.folder) for each in found)
        raise LedgergateError(f"two programs are called {name}: {places}", f"Set {PROJECT_VARIABLE} to one of them.")
    return found[0] if found else None


def _programs_beside(pack: Path) -> Iterator[Project]:
    """Yield every program two levels below the folder that holds the pack."""
    for path in sorted(pack.parent.glob("[!.]*/[!.]*/Pulumi.y*ml")):
        try:
            yield load_project(path.parent)
        except ProjectError:
            continue  # another program's trouble is not this one's
