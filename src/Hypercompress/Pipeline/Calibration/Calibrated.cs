using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>
/// The results of the phases before planning: the teacher, its texts, its statistics and the offers. Owns all of them.
/// </summary>
/// <param name="package">The teacher's files; they stay the caller's.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="texts">The run's texts.</param>
/// <param name="baseline">Statistics of the model that is compressed.</param>
/// <param name="book">The offers.</param>
/// <param name="teacherFormat">Number format of the teacher's tensors.</param>
/// <param name="vectorFormat">Number format of the student's norms and biases.</param>
internal sealed class Calibrated(
    ModelPackage package,
    LanguageModel teacher,
    RunTexts texts,
    BaselineResult baseline,
    OfferBook book,
    ValueFormat teacherFormat,
    ValueFormat vectorFormat) : IDisposable
{
    private bool _hasStatistics = true;

    /// <summary>The teacher's files.</summary>
    public ModelPackage Package => package;

    /// <summary>Recognises the teacher's files.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The teacher.</summary>
    public LanguageModel Teacher => teacher;

    /// <summary>The dense model that is compressed in place of the teacher; null for the teacher itself.</summary>
    public PreparedStudent? Prepared { get; init; }

    /// <summary>The dense model that is compressed: the teacher, or the one in its place.</summary>
    public DecoderModel Source => Prepared?.Model ?? teacher.Decoder;

    /// <summary>The run's texts.</summary>
    public RunTexts Texts => texts;

    /// <summary>
    /// Statistics of the model that is compressed; not to be asked for problems after <see cref="ReleaseStatistics"/>.
    /// </summary>
    public BaselineResult Baseline => baseline;

    /// <summary>The offers of all branches.</summary>
    public OfferBook Book => book;

    /// <summary>Number format in which the teacher's tensors are kept where they are not compressed.</summary>
    public ValueFormat TeacherFormat => teacherFormat;

    /// <summary>Number format of the student's norms and biases.</summary>
    public ValueFormat VectorFormat => vectorFormat;

    /// <summary>Releases the statistics, which take the most memory, once all sites are solved.</summary>
    public void ReleaseStatistics()
    {
        if (_hasStatistics)
        {
            baseline.Dispose();
        }

        _hasStatistics = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReleaseStatistics();
        Prepared?.Model.Dispose();
        teacher.Dispose();
    }
}
