//! Names of models on a hub: owner/repository, with the suffixes that converters of models add.

use super::matching::{Name, squashed};

/// Name parts at the end of a repository that describe its packing or tuning and not the model.
const SUFFIXES: [&str; 22] = [
    "gguf", "awq", "gptq", "fp8", "nvfp4", "mxfp4", "mlx", "exl3", "bnb", "hf", "it", "instruct", "chat", "bf16",
    "fp16", "4bit", "8bit", "int4", "int8", "i1", "base", "ud",
];

/// Returns the ids of the models that match a hub name; empty if it is no hub name.
pub(super) fn find<'c>(names: &[Name<'c>], typed: &str) -> Vec<&'c str> {
    let Some((_, repository)) = typed.rsplit_once('/') else { return Vec::new() };
    let same: Vec<&str> =
        names.iter().filter(|name| name.repo.eq_ignore_ascii_case(typed)).map(|name| name.id).collect();
    if !same.is_empty() {
        return same;
    }
    let wanted = stem(repository);
    let is = |name: &&Name<'_>| {
        let own = name.repo.rsplit('/').next().filter(|repository| !repository.is_empty());
        own.into_iter().chain(name.all()).any(|name| {
            let known = stem(name);
            // Converters put the model's owner before its name: `Qwen_Qwen3.6-27B-GGUF`.
            known == wanted || (known.len() >= 6 && wanted.ends_with(&known))
        })
    };
    names.iter().filter(is).map(|name| name.id).collect()
}

/// Returns a repository's name without its suffixes, in the form in which names are compared.
fn stem(repository: &str) -> String {
    let lower = repository.to_lowercase();
    let mut parts: Vec<&str> = lower.split(['-', '_', ' ']).filter(|part| !part.is_empty()).collect();
    while parts.len() > 1 && parts.last().is_some_and(|last| SUFFIXES.contains(last)) {
        parts.pop();
    }
    squashed(&parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_of_conversions_do_not_count() {
        for repository in ["Qwen3.6-27B-GGUF", "Qwen3.6-27B-Instruct-AWQ", "qwen3.6-27b-mlx-4bit", "Qwen3.6-27B"] {
            assert_eq!(stem(repository), "qwen3.627b", "{repository}");
        }
        assert_eq!(stem("it"), "it", "a name is never empty");
    }
}
