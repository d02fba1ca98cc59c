using Hypercompress.Journal;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// Sums the input moments of a layer, or takes them from the journal of the run; done by all processes together.
/// </summary>
/// <param name="layer">Number of the layer.</param>
/// <param name="format">Writes and reads the moments.</param>
/// <param name="work">Sums them.</param>
/// <returns>The moments; the caller's.</returns>
internal delegate LayerMoments KeepLayer(int layer, IJournalFormat<LayerMoments> format, Func<LayerMoments> work);
