//! Tests of `measure`: sums and copies are correct, the platform's files are parsed, and the entry is a catalog file.
//! The measured speed is not tested.

use std::fs;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use whichbox::cmd::probe::{
    Bandwidth, FEWEST_ROUNDS, Facts, Graphics, Memory, Platform, Probe, Processor, Rounds, catalog_entry, kernel,
    measure, notes, probe, working_set,
};
use whichbox::model::ron_file::MARKER;

use super::program::{json, number, run, run_in};

const MIB: u64 = 1 << 20;

proptest! {
    #[test]
    fn the_sum_reads_every_word_once(words in prop::collection::vec(any::<u64>(), 0..200)) {
        let plain = words.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word));
        prop_assert_eq!(kernel::sum(&words), plain);
    }

    #[test]
    fn a_copy_is_the_same(from in prop::collection::vec(any::<u64>(), 0..100), room in 0_usize..120) {
        let mut to = vec![7; room];
        let copied = kernel::copy(&from, &mut to);
        prop_assert_eq!(copied, room.min(from.len()));
        prop_assert_eq!(&to[..copied], &from[..copied]);
        prop_assert!(to[copied..].iter().all(|word| *word == 7));
    }
}

#[test]
fn filled_memory_differs_from_page_to_page() {
    let mut words = vec![0; 2048];
    kernel::fill(&mut words, 1);
    assert_ne!(words[..512], words[512..1024]);
    assert_eq!(kernel::sum(&words), (1..=2048).sum::<u64>());
}

#[test]
fn a_measurement_has_its_rounds_threads_and_bytes() {
    for (bytes, threads) in [(MIB, 1), (MIB, 3), (0, 2), (24, 1), (MIB + 13, 0)] {
        let found = measure(bytes, threads, Duration::ZERO).expect("a measurement");
        assert_eq!(found.threads, threads.max(1));
        assert_eq!((found.read.rates.len(), found.copy.rates.len()), (FEWEST_ROUNDS, FEWEST_ROUNDS));
        assert!(found.bytes <= bytes.max(16 * found.threads as u64), "{found:?}");
        for rounds in [&found.read, &found.copy] {
            assert!(rounds.best() > 0.0 && rounds.best().is_finite() && (0.0..1.0).contains(&rounds.spread()));
        }
    }
}

#[test]
fn memory_that_is_not_there_is_a_sentence() {
    let error = measure(u64::MAX, 1, Duration::ZERO).expect_err("no such memory");
    assert!(error.to_string().contains("--mib"), "{error}");
}

#[test]
fn the_working_set_goes_beyond_the_caches_and_leaves_memory_free() {
    assert_eq!(working_set(None, None), 256 * MIB);
    assert_eq!(working_set(Some(32 * MIB), Some(64_000 * MIB)), 256 * MIB);
    assert_eq!(working_set(Some(480 * MIB), Some(64_000 * MIB)), 1920 * MIB);
    assert_eq!(working_set(Some(480 * MIB), Some(1000 * MIB)), 250 * MIB);
    assert_eq!(working_set(Some(u64::MAX), None), u64::MAX);
}

#[test]
fn the_best_round_counts_and_the_slowest_says_the_spread() {
    let rounds = Rounds { rates: vec![8e9, 10e9, 9e9] };
    assert_eq!(rounds.best_gbs(), 10.0);
    assert!((rounds.spread() - 0.2).abs() < 1e-12);
}

/// Returns the facts of a platform with these files, and their directory.
fn platform(files: &[(&str, &str)]) -> (tempfile::TempDir, Facts) {
    let root = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
        fs::write(path, text).expect("a file");
    }
    let facts = Facts::read(&Platform::at(root.path()));
    (root, facts)
}

#[test]
fn a_platform_is_read() {
    let cpu = "sys/devices/system/cpu";
    let caches: Vec<(String, &str)> = [
        ("cpu0/cache/index0/level", "1"),
        ("cpu0/cache/index0/size", "48K"),
        ("cpu0/cache/index3/level", "3"),
        ("cpu0/cache/index3/size", "32768K"),
        ("cpu0/cache/index3/shared_cpu_list", "0-1"),
        ("cpu1/cache/index3/level", "3"),
        ("cpu1/cache/index3/size", "32768K"),
        ("cpu1/cache/index3/shared_cpu_list", "0-1"),
        ("cpufreq/cache/index3/size", "1G"),
    ]
    .map(|(name, text)| (format!("{cpu}/{name}"), text))
    .into();
    let mut files: Vec<(&str, &str)> = caches.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    files.extend([
        ("proc/meminfo", "MemTotal: 1048576 kB\nMemAvailable: 524288 kB\n"),
        ("proc/cpuinfo", "model name\t: A fast one\n"),
        ("sys/fs/cgroup/memory.max", "268435456\n"),
        ("sys/fs/cgroup/memory.current", "1048576\n"),
        ("sys/class/dmi/id/product_name", "Desk 3000\n"),
        ("sys/class/drm/card0/device/vendor", "0x10de\n"),
        ("sys/class/drm/card1/device/vendor", "0x1002\n"),
        ("sys/class/drm/card1/device/device", "0x1586\n"),
        ("sys/class/drm/card1/device/mem_info_vram_total", "536870912\n"),
        ("sys/class/drm/card1-HDMI-A-1/status", "connected\n"),
        ("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA Card 9\nIRQ: 5\n"),
    ]);
    let (_root, facts) = platform(&files);
    assert_eq!(facts.memory, Memory { installed: Some(1024 * MIB), usable: Some(255 * MIB) });
    assert_eq!(facts.processor.name.as_deref(), Some("A fast one"));
    assert_eq!(facts.processor.product.as_deref(), Some("Desk 3000"));
    assert_eq!(facts.processor.largest_cache, Some(32 * MIB));
    let cards = [("NVIDIA Card 9", None), ("AMD graphics, device 0x1586", Some(512 * MIB))];
    assert_eq!(facts.graphics, cards.map(|(name, memory)| Graphics { name: name.to_owned(), memory }));
}

#[test]
fn a_control_group_of_the_first_version_limits_too() {
    let usable = |most: &str| {
        let (_root, facts) = platform(&[
            ("proc/meminfo", "MemTotal: 1048576 kB\nMemAvailable: 524288 kB\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", most),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "1048576\n"),
        ]);
        facts.memory.usable
    };
    assert_eq!(usable("268435456\n"), Some(255 * MIB));
    // The number that the kernel writes if there is no limit.
    assert_eq!(usable("9223372036854771712\n"), Some(512 * MIB));
}

#[test]
fn a_platform_without_files_is_said_to_be_unknown() {
    let (_root, facts) = platform(&[("proc/meminfo", "\u{1b}[2J"), ("proc/cpuinfo", "")]);
    assert_eq!(facts, Facts::default());
    let said = notes(&facts, &Bandwidth::default()).join(" ");
    for word in ["how much memory there is", "free", "processor", "graphics", "caches"] {
        assert!(said.contains(word), "\"{word}\" is missing in: {said}");
    }
}

#[test]
fn a_cache_that_has_a_part_is_said() {
    let facts =
        Facts { processor: Processor { largest_cache: Some(8 * MIB), ..Processor::default() }, ..Facts::default() };
    let said = |bytes| notes(&facts, &Bandwidth { bytes, ..Bandwidth::default() }).join(" ").contains("has a part");
    assert!(said(31 * MIB) && !said(32 * MIB));
}

#[test]
fn a_foreign_name_cannot_break_the_entry() {
    let (root, facts) = platform(&[
        ("proc/meminfo", "MemTotal: 2000000 kB\nMemAvailable: 1000000 kB\n"),
        ("proc/cpuinfo", "model name\t: A \"quoted\\\" ), ] \u{1b}[31m \u{202e}name\n"),
    ]);
    let rounds = Rounds { rates: vec![12.345_678e9, 12e9] };
    let bandwidth = Bandwidth { read: rounds.clone(), copy: rounds, threads: 4, bytes: MIB };
    let found = Probe { facts, bandwidth, notes: Vec::new() };
    let entry = catalog_entry(&found, "2026-11-20".parse().expect("a date")).expect("an entry");
    fs::write(root.path().join("box.ron"), entry).expect("a file");
    let ran = run_in(root.path(), &["check", "box.ron"]);
    assert!(ran.code == 0 && ran.out.contains("a catalog of 2 entries"), "{ran:?}");
    let machines = run_in(root.path(), &["list", "machines", "--output", "json", "--catalog", "."]);
    assert!(machines.out.contains("12.35") && !machines.out.contains('\u{1b}'), "{machines:?}");
}

#[test]
fn without_memory_there_is_no_entry() {
    let found = Probe { facts: Facts::default(), bandwidth: Bandwidth::default(), notes: Vec::new() };
    assert_eq!(catalog_entry(&found, "2026-11-20".parse().expect("a date")), None);
}

#[test]
fn this_machine_is_probed() {
    let found = probe(&Platform::here(), Duration::ZERO, Some(MIB)).expect("a probe");
    assert!(found.bandwidth.read.best() > 0.0 && !found.notes.is_empty());
}

#[test]
fn the_command_answers_and_its_entry_is_estimated_with() {
    let found = json("measure --mib 2 --seconds 0");
    for field in ["/read_gbs", "/copy_gbs", "/memory_bytes", "/usable_bytes", "/threads"] {
        assert!(number(&found, field) > 0.0, "{field}");
    }
    assert!(number(&found, "/usable_bytes") <= number(&found, "/memory_bytes"));
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("box.ron"), found["catalog_entry"].as_str().expect("a text")).expect("a file");
    let ran = run_in(directory.path(), &["check", "box.ron"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let line = "estimate --machine this-machine --model gpt-oss-20b --output json --catalog .";
    let ran = run_in(directory.path(), &line.split(' ').collect::<Vec<_>>());
    assert!(ran.code < 2 && ran.err.is_empty(), "{ran:?}");
    let estimate: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(number(&estimate, "/0/bandwidth/gbs"), number(&found, "/read_gbs"));
    assert_eq!(estimate.pointer("/0/bandwidth/basis").and_then(|basis| basis.as_str()), Some("measured"));
    assert!(estimate.pointer("/0/cost/price_usd").is_some_and(serde_json::Value::is_null));
}

#[test]
fn the_answer_comes_in_every_form() {
    for output in ["table", "json", "csv", "markdown"] {
        let ran = run(&format!("measure --mib 1 --seconds 0 --output {output}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{output}");
        assert!(ran.out.ends_with('\n') && !ran.out.contains('\u{1b}'), "{output}");
    }
}

#[test]
fn an_entry_is_saved_and_replaces_only_its_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let save = |to: &str| run_in(directory.path(), &["measure", "--mib", "1", "--seconds", "0", "--save", to]);
    for _ in 0..2 {
        let ran = save("own.ron");
        assert!(ran.code == 0 && ran.err.contains("written to own.ron"), "{ran:?}");
    }
    let text = fs::read_to_string(directory.path().join("own.ron")).expect("a text");
    assert!(text.starts_with(MARKER), "{text}");
    assert_eq!(run_in(directory.path(), &["check", "own.ron"]).code, 0);
    fs::write(directory.path().join("notes.ron"), "// mine\nCatalog()\n").expect("a file");
    let ran = save("notes.ron");
    assert!(ran.code == 74 && ran.err.contains("written by hand"), "{ran:?}");
    assert_eq!(fs::read_to_string(directory.path().join("notes.ron")).expect("a text"), "// mine\nCatalog()\n");
    assert!(!Path::new("/nowhere").exists());
    assert_eq!(save("/nowhere/x.ron").code, 74);
}

#[test]
fn flags_have_bounds() {
    for line in ["measure --mib 0", "measure --mib -1", "measure --seconds x", "measure --seconds 99999", "measure now"]
    {
        let ran = run(line);
        assert!(ran.code == 2 && ran.out.is_empty(), "{line}: {ran:?}");
    }
}
