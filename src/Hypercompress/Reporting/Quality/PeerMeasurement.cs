using System.Collections.Immutable;
using Hypercompress.Evaluation.Perplexity;

namespace Hypercompress.Reporting.Quality;

/// <summary>Models of other tools, measured beside one teacher on one text.</summary>
/// <param name="Teacher">Name of the teacher.</param>
/// <param name="TeacherBytes">Bytes of its weights as published.</param>
/// <param name="TeacherPerplexity">Its perplexity, to two decimals.</param>
/// <param name="Text">The text.</param>
/// <param name="Convention">How the text was cut.</param>
/// <param name="Window">Tokens of a window.</param>
/// <param name="Tokens">Tokens that were scored.</param>
/// <param name="Source">Where the measurement is written down.</param>
/// <param name="Peers">The models.</param>
internal sealed record PeerMeasurement(
    string Teacher,
    long TeacherBytes,
    double TeacherPerplexity,
    string Text,
    string Convention,
    int Window,
    long Tokens,
    string Source,
    ImmutableArray<PeerModel> Peers)
{
    private const double Rounding = 0.005;

    /// <summary>Whether a result is of the same teacher on the same tokens.</summary>
    /// <param name="result">A teacher's result.</param>
    /// <param name="teacherBytes">Bytes of its weights as published.</param>
    /// <returns>Whether size, cut, tokens and perplexity are the same.</returns>
    public bool IsOf(PerplexityResult result, long teacherBytes) =>
        teacherBytes == TeacherBytes && result.Convention == Convention && result.Window == Window
        && result.Tokens == Tokens && Math.Abs(result.Perplexity - TeacherPerplexity) <= Rounding;
}
