//! The colour and glyph of each machine on a screen. They follow from the catalog entry, never from the position in a
//! list.

use crate::model::facts::Machine;

/// The sign that distinguishes a machine from the others on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// An index in the palette of colours and glyphs, from 0.
    Palette(usize),
    /// A letter in the colour of text, once the palette is used up.
    Letter(&'static str),
}

/// Number of colours and glyphs in the palette.
pub const PALETTE: usize = 8;
/// Number of first places in the palette that are reserved for machines whose entries name them.
const OWNED: usize = 3;
/// Letters and digits for machines beyond the palette; more than can be compared.
const LETTERS: [&str; 62] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W",
    "X", "Y", "Z", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t",
    "u", "v", "w", "x", "y", "z", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
];

/// Returns the identity of each machine, in the order given. No two are the same, and they do not depend on the order.
///
/// A machine gets the mark of its entry. If another machine of a smaller id has that mark, it gets the next free place,
/// and a letter once the palette is used up.
#[must_use]
pub fn identities(machines: &[&Machine]) -> Vec<Identity> {
    let mut order: Vec<usize> = (0..machines.len()).collect();
    let wanted = |at: usize| machines[at].mark.map(|mark| usize::from(mark).saturating_sub(1));
    // Machines with a mark choose first, so adding one without a mark changes none of them.
    order.sort_by(|a, b| (wanted(*a).is_none(), &machines[*a].id).cmp(&(wanted(*b).is_none(), &machines[*b].id)));
    let mut taken = [false; PALETTE];
    let mut letters = LETTERS.iter();
    let mut found = vec![Identity::Letter("?"); machines.len()];
    for at in order {
        let free = |place: &usize| taken.get(*place) == Some(&false);
        let place = wanted(at).filter(free).or_else(|| (OWNED..PALETTE).find(free));
        found[at] = match place {
            Some(place) => {
                taken[place] = true;
                Identity::Palette(place)
            }
            None => Identity::Letter(letters.next().copied().unwrap_or("?")),
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catalog::Catalog;

    fn of(catalog: &Catalog, ids: &[&str]) -> Vec<Identity> {
        let machines: Vec<&Machine> = ids.iter().filter_map(|id| catalog.machine(id).ok()).collect();
        assert_eq!(machines.len(), ids.len());
        identities(&machines)
    }

    #[test]
    fn no_two_machines_of_a_screen_are_alike_and_the_order_of_a_list_changes_none() {
        let catalog = Catalog::builtin().unwrap_or_else(|error| panic!("{error}"));
        let mut machines: Vec<&Machine> = catalog.machines.iter().take(64).collect();
        let forward = identities(&machines);
        for (at, identity) in forward.iter().enumerate() {
            assert!(!forward[..at].contains(identity), "{} looks like another", machines[at].id);
        }
        machines.reverse();
        assert!(identities(&machines).iter().rev().eq(&forward));
    }

    #[test]
    fn the_machines_of_the_start_keep_their_identity_beside_any_other() {
        let catalog = Catalog::builtin().unwrap_or_else(|error| panic!("{error}"));
        let own = ["dgx-spark", "macbook-pro-m5-max-40", "rtx-pro-6000"];
        assert_eq!(of(&catalog, &own), [0, 1, 2].map(Identity::Palette));
        for machine in catalog.machines.iter().filter(|machine| !own.contains(&machine.id.as_str())) {
            let beside = of(&catalog, &[&machine.id, own[2], own[0], own[1]]);
            assert_eq!(beside[1..], [2, 0, 1].map(Identity::Palette), "beside {}", machine.id);
            assert!(!matches!(of(&catalog, &[&machine.id])[0], Identity::Palette(0..OWNED)), "{}", machine.id);
        }
    }
}
