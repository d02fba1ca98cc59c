using System.Collections.Frozen;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>Methods of quantization by the traces that they leave in a checkpoint.</summary>
internal static class QuantizationMethods
{
    private static readonly FrozenSet<string> Readable = new[]
    {
        "gptq", "awq", "fp8", "compressed-tensors", "fbgemm_fp8", "modelopt", "unnamed",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>
    {
        ["bitsandbytes"] = "bitsandbytes",
        ["mxfp4"] = "MXFP4",
        ["hqq"] = "HQQ",
        ["aqlm"] = "AQLM",
        ["exl2"] = "EXL2",
        ["exl3"] = "EXL3",
        ["torchao"] = "torchao",
        ["quanto"] = "Quanto",
        ["eetq"] = "EETQ",
        ["vptq"] = "VPTQ",
        ["spqr"] = "SpQR",
        ["higgs"] = "HIGGS",
        ["bitnet"] = "BitNet",
        ["quip"] = "QuIP#",
        ["auto-round"] = "AutoRound",
        ["fp_quant"] = "FP-Quant",
        ["quark"] = "Quark",
        ["mlx"] = "MLX",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Endings of names that only one method writes.
    private static readonly (string Ending, string Title)[] Traces =
    [
        (".SCB", "bitsandbytes int8 (LLM.int8)"),
        (".weight.quant_state.bitsandbytes__nf4", "bitsandbytes NF4"),
        (".weight.quant_state.bitsandbytes__fp4", "bitsandbytes FP4"),
        (".weight.quant_map", "bitsandbytes, 4 bit"),
        ("_proj_blocks", "MXFP4"),
        (".W_q", "HQQ"),
        (".codebooks", "AQLM"),
        (".q_invperm", "EXL2"),
        (".q_groups", "EXL2"),
        (".trellis", "EXL3"),
        (".Qidxs", "QuIP#"),
        (".centroids.weight", "VPTQ"),
        (".weight_scale_2", "NVFP4"),
        (".weight_global_scale", "NVFP4"),
        (".weight._data", "Quanto"),
        (".weight_qdata", "torchao"),
        (".weight_scales", "EETQ"),
        (".bitmask", "a sparse bitmask of compressed-tensors"),
    ];

    /// <summary>Whether a method is one of those that are read.</summary>
    /// <param name="settings">What the configuration states.</param>
    /// <returns>False for all others.</returns>
    public static bool IsReadable(QuantizationSettings settings) => Readable.Contains(settings.Method);

    /// <summary>The name of a method that the configuration states.</summary>
    /// <param name="settings">What it states.</param>
    /// <returns>The usual spelling, with the kind where the method has several.</returns>
    public static string Title(QuantizationSettings settings) => settings.Method switch
    {
        "bitsandbytes" when settings.IsTrue("load_in_8bit") => "bitsandbytes int8 (LLM.int8)",
        "bitsandbytes" when settings.IsTrue("load_in_4bit") =>
            $"bitsandbytes {settings.Text("bnb_4bit_quant_type")?.ToUpperInvariant() ?? "4 bit"}",
        var method => Titles.GetValueOrDefault(method, method),
    };

    /// <summary>The method that a tensor's name implies.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The method; null when the name is not one that such a method writes.</returns>
    public static string? Trace(string name) =>
        Array.Find(Traces, trace => name.EndsWith(trace.Ending, StringComparison.Ordinal)).Title;
}
