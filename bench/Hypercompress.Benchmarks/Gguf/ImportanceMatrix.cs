using System.Text.Json;
using Hypercompress.Analysis;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks.Gguf;

/// <summary>
/// Mean squares of the inputs of every matrix by its name in a GGUF file, as llama.cpp's quantizer takes them;
/// embedding and head have none, as with llama.cpp's own tool.
/// </summary>
/// <param name="Squares">Mean squares by tensor.</param>
internal sealed record ImportanceMatrix(SortedDictionary<string, float[]> Squares)
{
    private const int Window = 512;

    // The moment is damped by this share of its mean.
    private const double Damping = 0.01;

    /// <summary>Measures it.</summary>
    /// <param name="model">The teacher.</param>
    /// <param name="text">A text file.</param>
    /// <param name="tokens">Tokens from its beginning.</param>
    public static ImportanceMatrix Measure(string model, string text, int tokens)
    {
        using OpenModel opened = OpenModel.Open(model, new BranchRegistry().CreateCatalog());
        int[] ids = opened.Model.RequireTokenizer().Encode(TextFile.Open(text).ReadText());
        int[][] windows = [.. ids.Take(tokens).Chunk(Window).Where(window => window.Length == Window)];
        var settings = new CalibrationSettings { FisherTokens = Window };
        using CalibrationStatistics statistics =
            new CalibrationPass(settings).Run(opened.Model.Decoder, windows);
        var squares = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        Dictionary<string, Site> sites = statistics.Sites.ToDictionary(site => site.Name);
        var layout = new DecoderLayout(
            opened.Model.Decoder.Config, opened.Model.Decoder.Config.Family.GgufKeys);
        foreach (CheckpointTensor tensor in layout.Tensors())
        {
            if (sites.TryGetValue(tensor.Parts[0].Slot, out Site? site) && site.Layer is not null)
            {
                squares[tensor.Name] = Diagonal(statistics, site);
            }
        }

        return new ImportanceMatrix(squares);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">What <see cref="Write"/> wrote.</param>
    public static ImportanceMatrix Read(string file) =>
        new(JsonSerializer.Deserialize<SortedDictionary<string, float[]>>(File.ReadAllText(file))!);

    /// <summary>Writes a file.</summary>
    /// <param name="file">Where to.</param>
    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(Squares));

    private static float[] Diagonal(CalibrationStatistics statistics, Site site)
    {
        using var scope = NewDisposeScope();
        using MomentLease lease = statistics.BorrowInput(site);
        Tensor damped = lease.Moment.Moment.diagonal();
        Tensor plain = damped - (damped.mean() * (Damping / (1 + Damping)));
        return plain.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
