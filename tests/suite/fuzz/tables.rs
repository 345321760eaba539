//! Originals of tables of facts and of directories of model files, with the words that changes insert.

use super::mutate::Original;

/// Returns tables of every kind, with valid rows.
pub fn tables() -> Vec<Original> {
    const TABLES: [&str; 6] = [
        "id,name,kind,family,needs_host,memory_gb,memory_type,bandwidth_gbs,usable_gib,fp16_dense_tflops,tdp_w,price_usd,\
         price_low_usd,price_date,price_basis,rent_usd_per_hour,availability,date,source\n\
         my-box,My Box,desktop,gb10,no,64,LPDDR5X,546,56,100,140,4000,3500,2026-10,list,,on-sale,2026-10-02,a page\n\
         dgx-spark,,,,,,,300,,,,,,,,,,2026-11,a test\n",
        "id,name,hf_repo,family,kind,released,total_params_lm,active_params,layers,hidden,heads,head_dim,vocab,tied,max_ctx,\
         attn_kind,full_attn_layers,kv_elems_per_token_full,native_dtype,config_source,p_attn,p_dense_ffn,p_norm,p_head,\
         p_embed,computable\n\
         my-8b,My 8B,me/my-8b,llama,dense,2024-07-18,8030261248,8030261248,32,4096,32,128,128256,0,131072,GQA,32,65536,\
         bf16,a config,1342177280,5637144576,266240,525336576,525336576,yes\n\
         part-8b,Part 8B,,llama,dense,2024,8030261248,8030261248,32,4096,32,,128256,0,131072,GQA,32,65536,bf16,,,,,,,yes\n",
        "machine,sold_as,date,price,currency,kind,source\ndgx-spark,DGX Spark,2026-11-28,\"5,999\",USD,street,a shop\n\
         ,A Box,2026-11,1000,EUR,list,\"a page, read\"\n",
        "gpu,usd_per_hour_low,usd_per_hour_median,usd_per_hour_high,date,source\nh100-sxm,2.5,3.2,6.1,2026-10-24,x\n\
         l40s,1,,2,2026-10,y\n",
        "model,usd_per_mtok_in_low,usd_per_mtok_in_median,usd_per_mtok_in_high,usd_per_mtok_out_low,\
         usd_per_mtok_out_median,usd_per_mtok_out_high,date,source\n\
         gpt-oss-120b,0.03,0.15,0.80,0.17,0.60,0.95,2026-11-12,a table\n",
        "region,price_per_kwh,currency,period,source,basis\nUS,0.17,USD,2025 average,EIA,derived\nFR,0.2,EUR,2026-08,x,contested\n",
    ];
    TABLES.iter().map(|table| Original::whole(table.as_bytes().to_vec())).collect()
}

/// Returns directories: an index without its files, a git-LFS pointer, a quantization in a separate file.
pub fn folders() -> Vec<Original> {
    const FOLDERS: [&str; 3] = [
        "0{\"metadata\":{\"total_size\":15245238272},\"weight_map\":{\"lm_head.weight\":\"model-00001-of-00002.safetensors\",\
         \"model.norm.weight\":\"model-00002-of-00002.safetensors\"}}",
        "1version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n\
         size 15245238272\n",
        "3{\"quantization\":{\"quant_algo\":\"NVFP4\",\"group_size\":16,\"kv_cache_quant_algo\":\"FP8\",\
         \"exclude_modules\":[\"lm_head\",\"model.layers.0.self_attn*\"]}}",
    ];
    FOLDERS.iter().map(|folder| Original::whole(folder.as_bytes().to_vec())).collect()
}

/// Words for tables.
pub const TABLE: &[&str] = &[
    ",",
    "\n",
    "\"",
    "\"\"",
    "id",
    "price",
    "date",
    "released",
    "kind",
    "dense",
    "moe",
    "USD",
    "EUR",
    "2026-11",
    "0",
    "-1",
    "1e9",
    "1e400",
    "NaN",
    "list",
    "vendor",
    "contested (a-b)",
    "yes",
    "no",
    "table",
    "head_dim",
    "total_params_lm",
    "layers",
    "\u{feff}",
    "\r\n",
    "dgx-spark",
    "llama-3.1-8b",
];

/// Words for the files of a directory.
pub const FOLDER: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "version https://git-lfs",
    "size ",
    "\n",
    "weight_map",
    "total_size",
    "model.safetensors",
    "../",
    "\\",
    "quantization",
    "quant_algo",
    "MIXED_PRECISION",
    "quantized_layers",
    "FP8",
    "NVFP4",
    "exclude_modules",
    "*",
    "re:",
    "{",
    "}",
    "null",
    "-1",
    "1e999",
    "GGUF",
];
