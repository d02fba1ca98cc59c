namespace Hypercompress.Reporting;

/// <summary>A text of a run.</summary>
/// <param name="Name">Its file, without folders.</param>
/// <param name="Use"><c>calibration</c> or <c>validation</c>.</param>
/// <param name="Sha256">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Tokens">Tokens of the text.</param>
/// <param name="UsedTokens">Tokens of it that statistics, or scores, were taken of.</param>
public sealed record TextReport(string Name, string Use, string Sha256, long Tokens, long UsedTokens);
