"""Frozen records: what `@dataclass(frozen=True, slots=True)` gives, made when first used.

Dataclasses compile six functions per class as it is defined: 50 ms of every start for the seventy records here. These
compile one, the constructor, and only for classes of which many objects are made; the rest needs no compiling.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Generic, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")
R = TypeVar("R")
_MISSING: Any = object()
_FEW = 20  # objects of a class that are made before a constructor is compiled: 0.2 ms, as much as these take


class _Factory:
    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], Any]) -> Any:
    """A default made anew for each object."""
    return _Factory(default_factory)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of annotated fields a frozen record with slots."""
    names = tuple(cls.__annotations__)
    defaults = {n: cls.__dict__[n] for n in names if n in cls.__dict__}
    body = {k: v for k, v in cls.__dict__.items() if k not in names and k not in ("__dict__", "__weakref__")}
    made: Any = type(cls.__name__, cls.__bases__, {**body, **_methods(names), "__slots__": names})

    few = iter(range(_FEW))

    def first(self: Any, *args: Any, **kwargs: Any) -> None:
        if next(few, None) is None or not _fill(self, names, defaults, args, kwargs):
            made.__init__ = _constructor(made, names, defaults)
            made.__init__(self, *args, **kwargs)

    made.__init__ = first
    result: type[T] = made
    return result


def fields(record: Any) -> tuple[str, ...]:
    """The names of the fields of a record or its class."""
    names: tuple[str, ...] = record.__match_args__
    return names


def replace(record: T, **changes: Any) -> T:
    """A copy with other values in some fields."""
    kept = {n: getattr(record, n) for n in fields(record) if n not in changes}
    return type(record)(**kept, **changes)


def _methods(names: tuple[str, ...]) -> dict[str, Any]:
    several = attrgetter(*names)
    values: Callable[[Any], Any] = several if len(names) > 1 else lambda record: (several(record),)

    def equal(self: Any, other: Any) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def words(self: Any) -> str:
        return f"{type(self).__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"

    return {
        "__match_args__": names,
        "__eq__": equal,
        "__hash__": lambda self: hash(values(self)),
        "__repr__": words,
        "__reduce__": lambda self: (type(self), values(self)),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
    }


def _refuse(self: Any, name: str, *value: Any) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} is frozen: cannot change '{name}'")


def _fill(record: Any, names: tuple[str, ...], defaults: dict[str, Any], args: Any, kwargs: Any) -> bool:
    """Fill a record without a compiled constructor; False if the call is wrong."""
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    if len(given) != len(args) + len(kwargs) or given.keys() | defaults.keys() != set(names):
        return False
    for name in names:
        value = given[name] if name in given else defaults[name]
        if name not in given and isinstance(value, _Factory):
            value = value.make()
        object.__setattr__(record, name, value)
    return True


def _constructor(cls: type, names: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    """The compiled `__init__`; it fills the slots directly."""
    space: dict[str, Any] = {"missing": _MISSING}
    head, lines = ["self"], []
    for name in names:
        space[f"set_{name}"] = cls.__dict__[name].__set__
        default = defaults.get(name, _MISSING)
        value = name
        if isinstance(default, _Factory):
            space[f"make_{name}"] = default.make
            head.append(f"{name}=missing")
            value = f"make_{name}() if {name} is missing else {name}"
        elif default is _MISSING:
            head.append(name)
        else:
            space[f"default_{name}"] = default
            head.append(f"{name}=default_{name}")
        lines.append(f" set_{name}(self, {value})")
    exec(f"def __init__({', '.join(head)}):\n" + "\n".join(lines), space)
    return space["__init__"]


class lazy(Generic[R, T]):
    """A property computed when first read, then kept (functools.cached_property locks each time in Python 3.11)."""

    def __init__(self, make: Callable[[R], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, record: R, owner: type | None = None) -> T:
        made: T = self._make(record)
        vars(record)[self._name] = made
        return made
