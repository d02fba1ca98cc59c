using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Files;

namespace Hypercompress.Reporting.Quality;

/// <summary>Measured models of other tools.</summary>
/// <param name="Measurements">One entry per teacher and text.</param>
internal sealed record PeerTable(ImmutableArray<PeerMeasurement> Measurements)
{
    private const string Resource = "peers.json";

    private static readonly JsonSerializerOptions Layout =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true };

    /// <summary>The measurements that are part of the program.</summary>
    public static PeerTable BuiltIn { get; } = Read();

    /// <summary>Finds the best peer that a student equals or beats.</summary>
    /// <param name="texts">Teacher and student side by side.</param>
    /// <param name="teacherBytes">Bytes of the teacher's weights as published.</param>
    /// <param name="studentBytes">Bytes of the student's weights.</param>
    /// <returns>The comparison; null where no peer was measured on the same tokens, or all are better.</returns>
    public PeerMatch? Match(ImmutableArray<ComparisonResult> texts, long teacherBytes, long studentBytes) => (
        from text in texts
        from measured in Measurements
        where measured.IsOf(text.Teacher, teacherBytes)
        from peer in measured.Peers
        where peer.Perplexity >= text.Student.Perplexity
        orderby peer.Perplexity, peer.Bytes
        select Compare(peer, measured, text.Student.Perplexity, studentBytes)).FirstOrDefault();

    private static PeerMatch Compare(PeerModel peer, PeerMeasurement measured, double perplexity, long bytes) => new(
        peer.Name,
        peer.Bytes,
        peer.Perplexity,
        perplexity,
        measured.Source,
        string.Create(
            CultureInfo.InvariantCulture,
            $"On {measured.Text} it is at least as good as {peer.Name} (perplexity {peer.Perplexity:0.00} with "
            + $"{SizeText.Of(peer.Bytes)}) with {SizeText.Of(bytes)}, {(double)bytes / peer.Bytes:P0} of its bytes."));

    private static PeerTable Read()
    {
        using Stream content = typeof(PeerTable).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<PeerTable>(content, Layout)!;
    }
}
