using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Outlook;

/// <summary>How a run divides memory, and what it takes at its peak.</summary>
/// <param name="DecodedBytes">
/// Most bytes of weights that are kept decoded; others are decoded when they are used.
/// </param>
/// <param name="IsStreamed">Whether the teacher's weights stay in their file.</param>
/// <param name="PeakBytes">Estimated peak of the process.</param>
internal sealed record RunMemory(long DecodedBytes, bool IsStreamed, long PeakBytes)
{
    /// <summary>
    /// Bytes that training adds for each weight: value, gradient and best state of what trains, and the activations of
    /// a batch.
    /// </summary>
    internal const int TrainingBytesPerWeight = 22;

    // The runtime with libtorch, and activations and logits of a window.
    private const long ProcessBytes = 350L << 20;
    private const long WindowBytes = 250L << 20;

    // Of a matrix at work: target, the matrix that its levels stand for, levels of several tries, spectra of some.
    private const int BytesPerValueAtWork = 40;
    private const long LeastDecodedBytes = 64L << 20;
    private const double StoredBytesPerWeight = 1.5;
    private const int FloatCopies = 2;

    // The estimate may be too high by this factor.
    private const double Certainty = 0.75;

    /// <summary>Divides memory.</summary>
    /// <param name="parameters">Weights of the teacher.</param>
    /// <param name="sites">Its sites.</param>
    /// <param name="ceiling">Most bytes that the run may use; null for what the machine has.</param>
    internal static RunMemory Of(double parameters, IEnumerable<Site> sites, long? ceiling)
    {
        long decoded = DecodedFor(parameters, sites, ceiling);
        double weights = sizeof(float) * parameters;
        bool isStreamed = weights > decoded;
        double held = isStreamed ? decoded : FloatCopies * weights;
        return new RunMemory(decoded, isStreamed, (long)(held + Beside(parameters, sites)));
    }

    /// <summary>Refuses a ceiling that the run cannot hold, before any work.</summary>
    /// <param name="ceiling">Most bytes that the run may use; null for what the machine has.</param>
    /// <exception cref="InsufficientMemoryException">It is much less than the run takes.</exception>
    internal void RequireWithin(long? ceiling)
    {
        if (ceiling < Certainty * PeakBytes)
        {
            long needed = PeakBytes / 1_000_000;
            throw new InsufficientMemoryException(
                $"the run takes about {needed} MB of memory even with all weights in their files, more than the "
                + $"ceiling of {ceiling / 1_000_000} MB: give --max-ram {needed}MB or more");
        }
    }

    // With a ceiling, what everything else leaves; the pool has all decoded weights, the teacher's too.
    private static long DecodedFor(double parameters, IEnumerable<Site> sites, long? ceiling) => ceiling is { } most
        ? long.Max(LeastDecodedBytes, most - (long)Beside(parameters, sites)) / FloatCopies
        : TensorPool.DefaultCapacity;

    private static double Beside(double parameters, IEnumerable<Site> sites)
    {
        long largest = sites.Select(site => site.ElementCount).DefaultIfEmpty().Max();
        long widest = sites.Where(site => site.Layer is not null).Select(site => site.Columns).DefaultIfEmpty().Max();
        return ProcessBytes + WindowBytes + (StoredBytesPerWeight * parameters)
            + (BytesPerValueAtWork * (double)largest)
            + long.Min(MomentStorage.IdleBytes, MomentStorage.BytesOf(sites))
            + (3 * sizeof(double) * (double)widest * widest);
    }
}
