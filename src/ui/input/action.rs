//! The table of actions with their keys, contexts and descriptions.

/// The part of the program that receives keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The explorer.
    Explore,
    /// A list from which one row is chosen.
    List,
    /// A list of rows that are on or off.
    Checklist,
    /// The list of all knobs, whose values can be changed.
    Knobs,
    /// The assumptions about a machine, whose values can be changed.
    WhatIf,
    /// A line of text.
    Text,
    /// A page to read.
    Page,
    /// The list of keys, which typing narrows down.
    Help,
    /// A tree of formulas.
    Trace,
    /// A presentation.
    Present,
}

/// An action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is described in its row of ACTIONS")]
pub enum Action {
    Less,
    More,
    MuchLess,
    MuchMore,
    Least,
    Most,
    PreviousKnown,
    NextKnown,
    Up,
    Down,
    NextRegion,
    PreviousRegion,
    Zoom,
    /// Shows a view, by its index.
    View(usize),
    Type,
    Trace,
    NextMachine,
    PreviousMachine,
    NextFigure,
    PreviousFigure,
    WalkIn,
    WalkOut,
    Ask,
    Models,
    Palette,
    Knobs,
    Machines,
    Assume,
    CopyMachine,
    Forget,
    ShowCheaper,
    Present,
    NextStep,
    PreviousStep,
    FirstStep,
    LastStep,
    ToScript,
    Blank,
    Spotlight,
    Pause,
    Speaker,
    Outline,
    EndTalk,
    /// Asks for the value of the knob with this id.
    AskKnob(&'static str),
    Open,
    Save,
    SaveAs,
    Undo,
    Redo,
    Reset,
    Compare,
    Swap,
    Since,
    Copy,
    Reload,
    TakeBack,
    DiscardKept,
    Theme,
    Mouse,
    Help,
    Redraw,
    Suspend,
    Quit,
    ListUp,
    ListDown,
    PageUp,
    PageDown,
    Toggle,
    OneMore,
    NextSplit,
    NextLink,
    Accept,
    Cancel,
    Complete,
    EraseBack,
    EraseAll,
}

/// One row of the table of actions.
#[derive(Debug, PartialEq, Eq)]
pub struct Binding {
    /// The action.
    pub action: Action,
    /// Its name in settings and in the palette.
    pub id: &'static str,
    /// The contexts in which its keys work.
    pub contexts: &'static [Context],
    /// Its keys; the first is the one to show.
    pub keys: &'static [&'static str],
    /// Its description in the help.
    pub help: &'static str,
    /// One or two words for the line of hints; empty to leave it out.
    pub hint: &'static str,
}

use Context::{Checklist, Explore, Help, Knobs, List, Page, Present, Text, Trace, WhatIf};

macro_rules! actions {
    ($($action:ident $(($place:literal))? $id:literal [$($context:ident)+] [$($key:literal)+] $help:literal $hint:literal;)*) => {
        /// All actions.
        pub static ACTIONS: &[Binding] = &[$(Binding {
            action: Action::$action $(($place))?, id: $id, contexts: &[$($context),+], keys: &[$($key),+], help: $help, hint: $hint,
        }),*];
    };
}

actions! {
    Less "less" [Explore] ["Left" "h"] "one step less" "";
    More "more" [Explore] ["Right" "l"] "one step more" "slide";
    MuchLess "much-less" [Explore] ["S-Left" "H" "PgDn"] "five steps less" "";
    MuchMore "much-more" [Explore] ["S-Right" "L" "PgUp"] "five steps more" "";
    Least "least" [Explore] ["Home"] "to the slider's lower end" "";
    Most "most" [Explore] ["End"] "to the slider's upper end" "";
    Up "up" [Explore] ["Up" "k"] "the slider or machine above" "";
    Down "down" [Explore] ["Down" "j"] "the slider or machine below" "choose";
    NextRegion "next-region" [Explore] ["Tab"] "to the next panel" "panel";
    PreviousRegion "previous-region" [Explore] ["BackTab"] "to the panel before" "";
    Zoom "zoom" [Explore] ["z"] "one panel large, and back" "zoom";
    View(0) "view-overview" [Explore] ["1"] "the overview" "";
    View(1) "view-speed" [Explore] ["2"] "speed" "";
    View(2) "view-memory" [Explore] ["3"] "memory" "";
    View(3) "view-streams" [Explore] ["4"] "throughput by streams" "";
    View(4) "view-money" [Explore] ["5"] "money" "";
    View(5) "view-software" [Explore] ["6"] "software" "";
    View(6) "view-table" [Explore] ["7"] "the specification table" "";
    View(7) "view-sources" [Explore] ["8"] "where figures come from" "";
    View(8) "view-verdict" [Explore] ["9"] "the verdict" "";
    View(9) "view-frontier" [Explore] ["0"] "what no other box beats" "";
    Type "type" [Explore] ["Enter" "="] "type a value, such as 70b" "type";
    Trace "trace" [Explore] ["t"] "formulas behind the figure" "trace";
    Ask "ask" [Explore] ["a"] "three questions to an answer" "ask";
    Palette "palette" [Explore] [":" "C-p"] "everything, found by name" "find";
    Knobs "knobs" [Explore] [","] "every knob with its value" "";
    Models "models" [Explore] ["p"] "pick a model" "model";
    Machines "machines" [Explore] ["m"] "choose the machines" "machines";
    Assume "what-if" [Explore] ["e"] "what if the machine differed" "what if";
    CopyMachine "copy-machine" [Explore] ["E"] "two of this machine" "";
    ShowCheaper "show-cheaper" [Explore] ["C"] "show the cheaper machine" "";
    Present "present" [Explore] ["P" "F5"] "present what is shown" "";
    Open "open" [Explore] ["o"] "open a scenario" "open";
    PreviousKnown "previous-known" [Explore] ["["] "to the mark or model before" "";
    NextKnown "next-known" [Explore] ["]"] "to the mark or model after" "next mark";
    Save "save" [Explore] ["s" "C-s"] "save the scenario" "save";
    SaveAs "save-as" [Explore] ["S"] "save under another name" "";
    Undo "undo" [Explore] ["u"] "undo" "undo";
    Redo "redo" [Explore] ["C-r" "U"] "redo" "";
    Reset "reset" [Explore] ["R"] "back to how it was opened" "";
    Compare "compare" [Explore] ["c"] "pin as A to compare, or clear" "compare";
    Swap "swap" [Explore] ["x"] "swap with A" "";
    Since "since" [Explore] ["d"] "what changed since saved" "";
    Reload "reload" [Explore] ["w"] "read the file again" "";
    TakeBack "take-back" [Explore] ["g"] "take back unsaved work" "";
    DiscardKept "discard-kept" [Explore] ["D"] "discard the kept unsaved work" "";
    Copy "copy" [Explore] ["y"] "copy verdict, table, command" "copy";
    Theme "theme" [Explore] ["T"] "next theme" "";
    Mouse "mouse" [Explore] ["M"] "mouse to terminal and back" "";
    Redraw "redraw" [Explore List Checklist Knobs WhatIf Text Page Help Trace Present] ["C-l"] "draw the screen again" "";
    Suspend "suspend" [Explore List Checklist Knobs WhatIf Text Page Help Trace Present] ["C-z"] "to the shell; fg comes back" "";
    Help "help" [Explore] ["?" "F1"] "this page" "help";
    Quit "quit" [Explore] ["q" "C-c" "C-q"] "quit without saving" "quit";
    Quit "quit-here" [List Checklist Knobs WhatIf Text Page Help Trace Present] ["C-c" "C-q"] "quit" "";
    ListUp "list-up" [List Checklist Knobs WhatIf Help] ["Up" "C-p"] "the row above" "";
    ListDown "list-down" [List Checklist Knobs WhatIf Help] ["Down" "C-n"] "the row below" "choose";
    PageUp "page-up" [List Checklist Knobs WhatIf Page Help Trace] ["PgUp"] "a page up" "";
    PageDown "page-down" [List Checklist Knobs WhatIf Page Help Trace] ["PgDn"] "a page down" "";
    ListUp "line-up" [Page Trace] ["Up" "k"] "a line up" "";
    ListDown "line-down" [Page Trace] ["Down" "j"] "a line down" "scroll";
    WalkIn "walk-in" [Trace] ["Right" "l"] "to what enters it" "into";
    WalkOut "walk-out" [Trace] ["Left" "h"] "to what it enters, or fold" "";
    Accept "source" [Trace] ["Enter"] "to where it comes from" "source";
    NextMachine "next-machine" [Trace] ["Tab"] "the next machine" "machine";
    PreviousMachine "previous-machine" [Trace] ["BackTab"] "the machine before" "";
    NextFigure "next-figure" [Trace] ["]"] "the next figure" "";
    PreviousFigure "previous-figure" [Trace] ["["] "the figure before" "figure";
    Cancel "leave-trace" [Trace] ["Esc" "q" "t" "Bksp"] "close" "close";
    NextStep "next-step" [Present] ["Right" "PgDn" "Space" "Enter"] "the next step, or to N Enter" "step";
    PreviousStep "previous-step" [Present] ["Left" "PgUp"] "the step before" "";
    FirstStep "first-step" [Present] ["Home"] "the first step" "";
    LastStep "last-step" [Present] ["End"] "the last step" "";
    Outline "outline" [Present] ["o"] "all steps" "steps";
    AskKnob("model") "take-model" [Present] ["m"] "what if: another model" "model";
    AskKnob("format") "take-format" [Present] ["f"] "what if: another format" "format";
    AskKnob("sparsity") "take-share" [Present] ["a"] "what if: other active share" "";
    AskKnob("concurrency") "take-streams" [Present] ["s"] "what if: other streams" "streams";
    AskKnob("context") "take-context" [Present] ["c"] "what if: another context" "context";
    More "detour-more" [Present] ["Up" "+"] "one step more of it" "";
    Less "detour-less" [Present] ["Down" "-"] "one step less of it" "";
    ToScript "to-script" [Present] ["Bksp" "r"] "back to the script" "script";
    Spotlight "spotlight" [Present] ["h"] "look at one machine" "";
    Blank "blank" [Present] ["b" "."] "empty screen, and back" "blank";
    Speaker "speaker" [Present] ["n"] "speaker's view, and back" "notes";
    Pause "pause" [Present] ["p"] "stop the clock, and on" "";
    Theme "present-theme" [Present] ["T"] "next theme" "";
    Knobs "present-knobs" [Present] [","] "every knob with its value" "";
    Help "present-help" [Present] ["?" "F1"] "this page" "help";
    EndTalk "end-talk" [Present] ["q"] "end presenting" "end";
    Cancel "end-present" [Present] ["Esc" "F5"] "end presenting, pressed twice" "";
    Less "turn-less" [Knobs WhatIf] ["Left"] "one step less" "";
    More "turn-more" [Knobs WhatIf] ["Right"] "one step more" "turn";
    MuchLess "turn-much-less" [Knobs WhatIf] ["S-Left"] "five steps less" "";
    MuchMore "turn-much-more" [Knobs WhatIf] ["S-Right"] "five steps more" "";
    Forget "forget" [WhatIf] ["Del" "C-d"] "as the catalog has it" "as found";
    NextMachine "what-if-next" [WhatIf] ["Tab"] "the next machine" "machine";
    PreviousMachine "what-if-previous" [WhatIf] ["BackTab"] "the machine before" "";
    Toggle "toggle" [Checklist] ["Space"] "put the machine on the screen or take it off" "on or off";
    OneMore "one-more" [Checklist] ["+"] "one more of the machine, as a set-up" "one more";
    NextSplit "next-split" [Checklist] [":"] "the set-up's next split" "split";
    NextLink "next-link" [Checklist] ["@"] "the set-up's next link" "link";
    Accept "accept" [List Text] ["Enter"] "take it" "take";
    Accept "type-value" [Knobs WhatIf] ["Enter"] "type its value" "type";
    Accept "done" [Checklist] ["Enter"] "done" "done";
    Cancel "cancel" [List Checklist Knobs WhatIf Text] ["Esc"] "leave it" "leave";
    Cancel "close-help" [Help] ["Esc" "?" "F1" "Enter"] "close" "close";
    Cancel "close" [Page] ["Esc" "q" "?" "F1" "Enter"] "close" "close";
    Complete "complete" [Text] ["Tab"] "the best of the words below" "complete";
    EraseBack "erase" [Text List Checklist Knobs WhatIf Help] ["Bksp"] "erase a character" "";
    EraseAll "erase-all" [Text List Checklist Knobs WhatIf Help] ["C-u"] "erase the line" "";
}
