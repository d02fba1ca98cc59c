using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>Facts about a model and its texts that are known before any work.</summary>
/// <param name="Package">The teacher's files.</param>
/// <param name="StatisticsFile">File that keeps the offers for later runs; null for none.</param>
/// <param name="Texts">Hashes of the texts.</param>
/// <param name="Found">The offers that the file holds; null when it does not exist yet.</param>
internal sealed record CalibrationStart(
    ModelPackage Package, string? StatisticsFile, TextHashes Texts, OfferBook? Found);
