using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary>Writes the result of <c>doctor</c> for people.</summary>
internal static class DoctorText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes the result.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="report">The document of <c>--json</c>.</param>
    public static void Write(TextWriter results, JsonObject report)
    {
        JsonNode processor = report["processor"]!;
        JsonNode memory = report["memory"]!;
        Line(results, "system", $"{report["system"]}, {report["runtime"]}");
        Line(results, "processor", $"{Units.Count((int)processor["cores"]!, "core")}, {processor["architecture"]}; "
            + string.Join(", ", processor["instruction_sets"]!.AsArray().Select(name => (string?)name)));
        Line(results, "memory", Memory(memory));
        Line(results, "libtorch", Torch(report["libtorch"]!));
        foreach (JsonNode? folder in report["folders"]!.AsArray())
        {
            string free = (long?)folder!["free_bytes"] is { } bytes ? $", {SizeText.Of(bytes)} free" : "";
            string state = (bool)folder["writable"]! ? "writable" : "NOT writable";
            Line(results, "folder", $"{folder["use"]}: {folder["path"]} ({state}{free})");
        }

        JsonNode run = report["run"]!;
        Line(results, "a run uses", $"{Units.Count((int)run["threads"]!, "thread")}, device {run["device"]}"
            + ((bool)run["offline"]! ? ", no downloads (HF_HUB_OFFLINE)" : ""));
        foreach (JsonNode? problem in report["problems"]!.AsArray())
        {
            Line(results, "PROBLEM", (string)problem!);
        }

        bool isOk = (bool)report["ok"]!;
        Line(results, "result", isOk ? "everything that a run needs is there" : "see the problems above");
    }

    private static string Memory(JsonNode memory)
    {
        string free = (long?)memory["free_bytes"] is { } bytes ? $", {SizeText.Of(bytes)} free" : "";
        double rate = (double)memory["read_bytes_per_second"]!;
        return string.Create(
            Culture,
            $"{SizeText.Of((long)memory["total_bytes"]!)}{free}; read at {rate / 1e9:0.0} GB/s, at most "
            + $"{rate / 100e6:0} tokens/s for weights of 100 MB");
    }

    private static string Torch(JsonNode torch) => !(bool)torch["loaded"]!
        ? "cannot be loaded"
        : string.Create(
            Culture,
            $"{torch["version"]}, matrix products at {(double)torch["matrix_flops_per_second"]! / 1e9:0} GFLOP/s, ")
        + ((bool)torch["cuda"]! ? $"{torch["cuda_devices"]} CUDA devices (--device cuda)" : "no CUDA device");

    private static void Line(TextWriter results, string name, string value) => results.WriteLine($"{name,-12} {value}");
}
