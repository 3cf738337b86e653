"""Which compartment a parcel gets: verified first, then within reach for who needs it, then even wear."""

from dataclasses import replace

from kiosk.domain import inputs as i
from kiosk.domain.allocation import allocate, free_of, larger_than
from kiosk.domain.model.compartment import Climate, CompartmentStatus, Condition, SizeClass
from kiosk.domain.model.ids import CompartmentId, UnitId
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.state import State
from tests.domain.rig import Rig

U412 = UnitId("u412")


def started(**known: CompartmentStatus) -> State:
    """A started kiosk with some compartments as given."""
    state = Rig().start().state
    return replace(state, compartments={**state.compartments, **{one.id: one for one in known.values()}})


def status(name: str, vacancy: Vacancy = Vacancy.VERIFIED, uses: int = 0) -> CompartmentStatus:
    return CompartmentStatus(CompartmentId(name), vacancy, uses=uses)


def chosen(state: State, size: SizeClass = SizeClass.S) -> str | None:
    place = allocate(state, size, U412)
    return place.id if place else None


def test_verified_goes_before_presumed_whatever_the_wear() -> None:
    state = started(a=status("c1", Vacancy.PRESUMED), b=status("c2", uses=9), c=status("c3", uses=8))
    assert chosen(state) == "c3"


def test_unknown_and_occupied_are_never_chosen() -> None:
    state = started(
        a=status("c1", Vacancy.UNKNOWN), b=status("c2", Vacancy.OCCUPIED), c=status("c3", Vacancy.UNKNOWN)
    )
    assert chosen(state) is None


def test_wear_is_spread() -> None:
    assert chosen(started(a=status("c1", uses=2), b=status("c2", uses=1), c=status("c3", uses=2))) == "c2"


def test_only_a_serviceable_compartment_is_free() -> None:
    for condition in set(Condition) - {Condition.SERVICEABLE}:
        places = {name: replace(status(name), condition=condition) for name in ("c1", "c2", "c3")}
        assert not free_of(started(**places), SizeClass.S)


def test_a_reachable_door_is_chosen_for_who_needs_one() -> None:
    rig = Rig().start()
    people = rig.state.directory.residents
    flagged = {key: replace(one, is_accessible=one.unit == U412) for key, one in people.items()}
    rig.do(i.ChangeDirectory(replace(rig.state.directory, residents=flagged)))
    built = dict(rig.state.layout.compartments)
    for name in ("c1", "c2"):
        built[CompartmentId(name)] = replace(built[CompartmentId(name)], opening_height_mm=1500)
    state = replace(rig.state, layout=replace(rig.state.layout, compartments=built))
    assert chosen(state) == "c3"
    other = allocate(state, SizeClass.S, UnitId("u101"))
    assert other is not None
    assert other.id == "c1"


def with_flagged(*high: str) -> State:
    """Somebody in 412 needs a door within reach; these doors are too high."""
    rig = Rig().start()
    people = rig.state.directory.residents
    flagged = {key: replace(one, is_accessible=one.unit == U412) for key, one in people.items()}
    rig.do(i.ChangeDirectory(replace(rig.state.directory, residents=flagged)))
    built = dict(rig.state.layout.compartments)
    for name in high:
        built[CompartmentId(name)] = replace(built[CompartmentId(name)], opening_height_mm=1500)
    return replace(rig.state, layout=replace(rig.state.layout, compartments=built))


def others(state: State) -> str | None:
    place = allocate(state, SizeClass.S, UnitId("u101"))
    return place.id if place else None


def test_the_last_door_within_reach_is_kept_for_who_needs_it() -> None:
    state = with_flagged("c2", "c3")
    worn = {**state.compartments, CompartmentId("c2"): status("c2", uses=9)}
    worn[CompartmentId("c3")] = status("c3", Vacancy.PRESUMED, uses=9)
    assert others(replace(state, compartments=worn)) == "c2"
    worn[CompartmentId("c2")] = status("c2", Vacancy.OCCUPIED)
    assert others(replace(state, compartments=worn)) == "c3"
    assert chosen(replace(state, compartments=worn)) == "c1"


def test_the_kept_door_goes_to_anybody_before_a_courier_is_turned_away() -> None:
    state = with_flagged("c2", "c3")
    taken = {CompartmentId(name): status(name, Vacancy.OCCUPIED) for name in ("c2", "c3")}
    assert others(replace(state, compartments={**state.compartments, **taken})) == "c1"


def test_no_more_than_one_door_is_kept_for_twenty_units() -> None:
    assert others(with_flagged("c3")) == "c1"


def test_an_ambient_parcel_gets_no_chilled_compartment() -> None:
    state = started()
    built = {key: replace(place, climate=Climate.CHILLED) for key, place in state.layout.compartments.items()}
    cold = replace(state, layout=replace(state.layout, compartments=built))
    assert chosen(cold) is None


def test_the_next_larger_one_is_the_smallest_that_is_free() -> None:
    state = started(**{name: status(name, Vacancy.OCCUPIED) for name in ("c4", "c5", "c6")})
    place = larger_than(state, SizeClass.S, U412)
    assert place is not None
    assert place.size is SizeClass.L
    assert larger_than(state, SizeClass.XL, U412) is None
