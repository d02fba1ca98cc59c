using System.Globalization;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Exports;
using Hypercompress.Exports.Onnx;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Packages;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks.Onnx;

/// <summary>
/// ONNX graphs of one size, ours and plainly rounded ones, judged by ONNX Runtime: <c>onnx teacher MODEL OUT</c>,
/// <c>onnx nearest MODEL BLOCK OUT [linear]</c>, <c>onnx score MODEL TEXT WINDOWS WINDOW FOLDER …</c>, the teacher's
/// folder first.
/// </summary>
internal static class OnnxComparison
{
    /// <summary>Runs one step.</summary>
    /// <param name="args">The step and its arguments.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        switch (args)
        {
            case [_, "teacher", var model, var folder]:
                Write(model, folder, "keep", _ => { });
                return 0;
            case [_, "nearest", var model, var block, var folder, .. var which]:
                Write(model, folder, "keep", opened => NearestCodes.Round(
                    opened.Model.Decoder, Whole(block), which is ["linear"]));
                return 0;
            case [_, "score", var model, var text, var windows, var window, .. var folders] when folders.Length > 0:
                Score(model, text, Whole(windows), Whole(window), folders);
                return 0;
            default:
                Console.Error.WriteLine("onnx teacher|nearest|score …: see OnnxComparison");
                return 2;
        }
    }

    private static void Write(string model, string folder, string quant, Action<OpenModel> change)
    {
        using OpenModel opened = OpenModel.Open(model, new BranchRegistry().CreateCatalog());
        change(opened);
        ExportResult written = new ModelExporter(Console.Error.WriteLine).Export(
            opened, ExportFormats.Find("onnx"), new ExportRequest(folder, ScalarType.Float32, quant, Verify: true));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{folder}: {written.Bytes} bytes, largest difference of logits {written.MaximumLogitError:g3}"));
    }

    private static void Score(string model, string text, int windows, int window, string[] folders)
    {
        int[] ids = PackagedTokenizer.Open(model).Encode(TextFile.Open(text).ReadText());
        using ModelPackage package = ModelPackage.Open(model);
        var scores = new ScoredTokens();
        foreach (string folder in folders)
        {
            using var session = new OnnxSession(folder, package.ReadDecoderConfig());
            foreach (int[] own in ids.Chunk(window).Take(windows))
            {
                session.Restart();
                using Tensor logits = session.Append([.. own.Select(id => (long)id)]);
                ReadOnlySpan<float> all = logits.data<float>().ToArray();
                int width = all.Length / own.Length;
                for (int i = 0; i + 1 < own.Length; i++)
                {
                    scores.Add(all.Slice(i * width, width), own[i + 1]);
                }
            }

            scores.Print(Path.GetFileName(folder), WeightBytes(folder));
        }
    }

    // Weights begin at pages: the file is longer than its tensors.
    private static long WeightBytes(string folder) => new FileInfo(OnnxFiles.DataOf(OnnxFiles.Find(folder))).Length;

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
