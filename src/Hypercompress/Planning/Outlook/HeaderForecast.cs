namespace Hypercompress.Planning.Outlook;

/// <summary>What the headers of a model say of a target, before any weight or text is read.</summary>
/// <param name="AskedRatio">The ratio that is asked for: teacher bytes / student bytes.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="Bytes">Bytes that the student may have.</param>
/// <param name="LeastBytes">
/// Fewer bytes cannot be: norms, biases and matrices that are not compressed, and one byte of each other matrix.
/// </param>
/// <param name="MostBytes">Bytes without any compression.</param>
/// <param name="Parameters">Number of weights in matrices that can be compressed.</param>
/// <param name="RamBytes">Estimated peak memory of a run.</param>
/// <param name="DiskBytes">Estimated bytes of the artifact.</param>
public sealed record HeaderForecast(
    double AskedRatio,
    long TeacherBytes,
    long Bytes,
    long LeastBytes,
    long MostBytes,
    long Parameters,
    long RamBytes,
    long DiskBytes)
{
    /// <summary>Bits that the target leaves for each weight.</summary>
    public double BitsPerWeight => 8.0 * Bytes / Parameters;
}
