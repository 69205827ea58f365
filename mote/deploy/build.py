"""From a BuildSpec to an image: generate, compile, link, measure. In a clean folder, never through a shell."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from mote import compiler
from mote.compiler import Compiled
from mote.deploy import elf, generate, toolchain
from mote.deploy.boards import Board
from mote.deploy.sources import c_files, dsp_files, kernel_files
from mote.deploy.spec import BuildSpec
from mote.deploy.toolchain import Toolchain
from mote.errors import BuildFailed, Cancelled
from mote.native_build import SAME_BITS
from mote.paths import FIRMWARE

JOBS = 2
"""Compilers at once."""

Progress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]

WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Wdouble-promotion", "-Werror")
OPTIMISE = ("-O2", "-ffunction-sections", "-fdata-sections", "-fno-common")
LINK = ("-nostartfiles", "--specs=nano.specs", "-Wl,--gc-sections", "-Wl,--fatal-warnings")

_RUNTIME = ("main.c", "service.c", "stream.c", "stack.c")
_CLASSIFIER = {
    "pipeline": ("classifier_pipeline.c", "pipeline.c"),
    "model": ("classifier_model.c",),
    "data_collection": ("classifier_none.c",),
}
_OVERFLOW = re.compile(r"region `(FLASH|RAM)' overflowed by (\d+) bytes")


@dataclass(frozen=True)
class Image:
    """A built firmware, and what it was built from. Sizes in bytes."""

    spec: BuildSpec
    elf: bytes
    bin: bytes
    hex: bytes
    map: str
    flash_bytes: int
    """Vectors, code, constants and the initial values of .data: the length of `bin`."""
    data_bytes: int
    bss_bytes: int
    arena_bytes: int
    """The model's activations; part of bss_bytes."""
    log: str
    """Every command line and what it said."""
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def ram_static_bytes(self) -> int:
        """.data and .bss; the stack is measured when the image runs."""
        return self.data_bytes + self.bss_bytes

    @property
    def image_hash(self) -> str:
        """SHA-256 of the bytes that are flashed."""
        return hashlib.sha256(self.bin).hexdigest()

    def files(self, name: str = "firmware") -> dict[str, bytes]:
        """What a person downloads, by file name."""
        return {
            f"{name}.elf": self.elf,
            f"{name}.bin": self.bin,
            f"{name}.hex": self.hex,
            f"{name}.map": self.map.encode(),
        }

    def save(self, folder: Path, name: str = "firmware") -> None:
        """Write all files of the image into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for file_name, content in self.files(name).items():
            (folder / file_name).write_bytes(content)


def build(
    spec: BuildSpec,
    folder: Path | None = None,
    progress: Progress = lambda fraction, message: None,
    should_stop: ShouldStop = lambda: False,
) -> Image:
    """Build an image.

    Args:
        spec: what.
        folder: where to write its files too; None: nowhere.
        progress: told (fraction 0 .. 1, what happens now).
        should_stop: asked between compilations.

    Raises:
        MissingTool: the board's cross compiler is not installed.
        BuildFailed: the compiler's own words, or by how many bytes the image is too big for the board.
        NotSupported: the model has an operator that Mote cannot compile.
        Cancelled: `should_stop` said so.
    """
    tools = toolchain.find(spec.target)
    progress(0.0, "compile the model to C")
    compiled = compiler.compile_model(spec.tflite, name="model") if spec.tflite else None
    with tempfile.TemporaryDirectory(prefix="mote-build-") as scratch:
        image = _Build(spec, compiled, tools, Path(scratch), progress, should_stop).run()
    if folder is not None:
        image.save(folder)
    progress(1.0, "built")
    return image


class _Build:
    """One build in its own folder."""

    def __init__(
        self,
        spec: BuildSpec,
        compiled: Compiled | None,
        tools: Toolchain,
        folder: Path,
        progress: Progress,
        should_stop: ShouldStop,
    ) -> None:
        self.spec, self.compiled, self.tools, self.folder = spec, compiled, tools, folder
        self.progress, self.should_stop = progress, should_stop
        self.board: Board = spec.target
        self.log: list[str] = []

    def run(self) -> Image:
        generated = self._generate()
        objects = self._compile([*generated, *_sources(self.spec, self.compiled)])
        self.progress(0.8, "link")
        self._link(objects)
        return self._image()

    def _generate(self) -> list[Path]:
        files = generate.config(self.spec, self.compiled)
        files["memory.ld"] = _memory_script(self.board)
        if self.compiled is not None:
            files.update(self.compiled.files)
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        return [self.folder / name for name in sorted(files) if name.endswith(".c")]

    def _compile(self, sources: list[Path]) -> list[Path]:
        """Compile all, two at a time; the first error of any ends the build."""
        objects = []
        with ThreadPoolExecutor(JOBS) as pool:
            running = [pool.submit(self._compile_one, number, source) for number, source in enumerate(sources)]
            try:
                for number, result in enumerate(running):
                    objects.append(result.result())
                    self.progress(0.1 + 0.7 * (number + 1) / len(sources), f"compiled {sources[number].name}")
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return objects

    def _compile_one(self, number: int, source: Path) -> Path:
        if self.should_stop():
            raise Cancelled("The build was cancelled.")
        out = self.folder / f"{number:03}_{source.stem}.o"
        flags = ["-std=c99", *OPTIMISE, *SAME_BITS, *WARNINGS, *self.board.cpu.flags, *_include_flags(self.folder)]
        self._run([self.tools.cc, *flags, "-c", str(source), "-o", str(out)])
        return out

    def _link(self, objects: list[Path]) -> None:
        script = FIRMWARE / self.board.port.linker_script
        argv = [self.tools.cc, *self.board.cpu.flags, *LINK, f"-T{script}", f"-L{self.folder}"]
        argv += [f"-Wl,-Map={self.folder / 'firmware.map'}", "-o", str(self.folder / "firmware.elf")]
        try:
            self._run([*argv, *map(str, objects), "-lm", "-lc", "-lgcc"])
        except BuildFailed as error:
            raise _explain_link_error(error, self.board) from error

    def _image(self) -> Image:
        for kind, extension in (("binary", "bin"), ("ihex", "hex")):
            argv = [self.tools.objcopy, "-O", kind, "firmware.elf", f"firmware.{extension}"]
            self._run(argv)
        program = (self.folder / "firmware.elf").read_bytes()
        flashed = (self.folder / "firmware.bin").read_bytes()
        sizes = elf.sizes(program)
        return Image(
            spec=self.spec,
            elf=program,
            bin=flashed,
            hex=(self.folder / "firmware.hex").read_bytes(),
            map=self._public((self.folder / "firmware.map").read_text(errors="replace")),
            flash_bytes=len(flashed),
            data_bytes=sizes.data,
            bss_bytes=sizes.bss,
            arena_bytes=self.compiled.arena_bytes if self.compiled else 0,
            log="\n".join(self.log),
            versions={"mote": generate.mote_version(), "compiler": self.tools.version},
        )

    def _run(self, argv: list[str]) -> None:
        try:
            output = toolchain.run(argv, self.folder)
        except BuildFailed as error:
            raise BuildFailed(self._public(error.message), hint=error.hint) from error
        self.log.append(self._public(" ".join(argv)))
        if output.strip():
            self.log.append(self._public(output.strip()))

    def _public(self, text: str) -> str:
        """Without the folders of this machine: logs and maps are downloaded."""
        return text.replace(f"{self.folder}/", "").replace(f"{self.folder}", ".").replace(str(FIRMWARE), "firmware")


def _sources(spec: BuildSpec, compiled: Compiled | None) -> list[Path]:
    """The files of firmware/ that this image consists of."""
    runtime = FIRMWARE / "runtime"
    port = [FIRMWARE / name for name in spec.target.port.sources]
    if spec.kind == "sketch":
        return [*port, FIRMWARE / spec.chosen_sensor.driver, runtime / "sketch_numbers.c"]
    sources = [runtime / name for name in (*_RUNTIME, *_CLASSIFIER[spec.kind])]
    sources += sorted((FIRMWARE / "lib" / "link").glob("*.c"))
    sources += [*port, FIRMWARE / spec.chosen_sensor.driver]
    if spec.pipeline is not None:
        sources += c_files(dsp_files(spec))
    if compiled is not None:
        sources += c_files(kernel_files(spec, compiled))
    return sources


def _include_flags(folder: Path) -> list[str]:
    lib = FIRMWARE / "lib"
    return [f"-I{path}" for path in (folder, FIRMWARE / "runtime", lib, lib / "link", lib / "nn")]


def _memory_script(board: Board) -> str:
    """The linker regions of a board."""
    memory = board.memory
    return (
        "MEMORY\n{\n"
        f"    FLASH (rx) : ORIGIN = {memory.flash.start:#010x}, LENGTH = {memory.flash.bytes}\n"
        f"    RAM (rwx)  : ORIGIN = {memory.ram.start:#010x}, LENGTH = {memory.ram.bytes}\n"
        "}\n"
        f"minimum_stack_bytes = {memory.minimum_stack_bytes};\n"
    )


def _explain_link_error(error: BuildFailed, board: Board) -> BuildFailed:
    """The linker's overflow message in the words of a person who can do something about it."""
    overflows = {region: int(excess) for region, excess in _OVERFLOW.findall(error.message)}
    if not overflows:
        return error
    has = {"FLASH": board.memory.flash.bytes, "RAM": board.memory.ram.bytes}
    names = {"FLASH": "flash", "RAM": f"RAM ({board.memory.minimum_stack_bytes:,} of it kept for the stack)"}
    parts = [
        f"it needs {has[region] + excess:,} bytes of {names[region]} and the board has {has[region]:,}"
        for region, excess in sorted(overflows.items())
    ]
    return BuildFailed(
        f"The firmware does not fit {board.title}: {'; '.join(parts)}.",
        hint="Choose a smaller model, a shorter window or fewer features, or a bigger board.",
    )
