using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Outlook;

/// <summary>How a run divides memory, and what it takes at its peak.</summary>
/// <param name="DecodedBytes">
/// Most bytes of weights that are kept decoded; others are decoded when they are used.
/// </param>
/// <param name="IsStreamed">Whether the teacher's weights stay in their file.</param>
/// <param name="ValuesAtWork">
/// Most values of matrices that are solved at a time; a larger matrix is solved alone.
/// </param>
/// <param name="PeakBytes">Estimated peak of the process.</param>
internal sealed record RunMemory(long DecodedBytes, bool IsStreamed, long ValuesAtWork, long PeakBytes)
{
    /// <summary>
    /// Bytes that training adds for each weight: value, gradient and best state of what trains, and the activations of
    /// a batch.
    /// </summary>
    internal const int TrainingBytesPerWeight = 22;

    // The runtime with libtorch, and activations and logits of a window.
    private const long ProcessBytes = 350L << 20;
    private const long WindowBytes = 250L << 20;

    // Of a matrix at work: target, levels, and what they stand for (`Benchmarks sitememory`: 5 to 10 beside the target
    // while offers are made and coded matrices solved; sparse ones take 26, and a large one is rarely sparse).
    private const int BytesPerValueAtWork = 16;

    // Where memory is scarce, so many values at work let some threads solve layers of a model of a billion parameters.
    private const long FewValuesAtWork = 1 << 26;
    private const int ShareAtWork = 4;
    private const long LeastDecodedBytes = 64L << 20;
    private const double StoredBytesPerWeight = 1.5;

    // Of all weights, where they fit: the teacher, the student, and matrices that are damaged to see what it does.
    private const int FloatCopies = 3;

    // What is decoded waits in the pool, and is there once more where it is worked on.
    private const int PoolShare = 2;

    // The estimate may be too high by this factor.
    private const double Certainty = 0.75;

    /// <summary>Divides memory.</summary>
    /// <param name="parameters">Weights of the teacher.</param>
    /// <param name="sites">Its sites.</param>
    /// <param name="ceiling">Most bytes that the run may use; null for what the machine has.</param>
    internal static RunMemory Of(double parameters, IEnumerable<Site> sites, long? ceiling)
    {
        long room = ceiling is null
            ? long.Max(FewValuesAtWork, TensorPool.MachineBytes / ShareAtWork / BytesPerValueAtWork)
            : FewValuesAtWork;
        double beside = Beside(parameters, sites, room);
        long decoded = DecodedFor(beside, ceiling);
        double weights = sizeof(float) * parameters;
        bool isStreamed = ceiling is { } most ? FloatCopies * weights > most - beside : weights > decoded;
        double held = isStreamed ? decoded : FloatCopies * weights;
        return new RunMemory(decoded, isStreamed, room, (long)(held + beside));
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
    private static long DecodedFor(double beside, long? ceiling) => ceiling is { } most
        ? long.Max(LeastDecodedBytes, (most - (long)beside) / PoolShare)
        : TensorPool.DefaultCapacity;

    private static double Beside(double parameters, IEnumerable<Site> sites, long room)
    {
        long widest = sites.Where(site => site.Layer is not null).Select(site => site.Columns).DefaultIfEmpty().Max();
        return ProcessBytes + WindowBytes + (StoredBytesPerWeight * parameters)
            + (BytesPerValueAtWork * (double)ValuesTogether(sites, room))
            + long.Min(MomentStorage.IdleBytes, MomentStorage.BytesOf(sites))
            + (3 * sizeof(double) * (double)widest * widest);
    }

    // A site for each thread, the largest ones, as far as there is room.
    private static long ValuesTogether(IEnumerable<Site> sites, long room)
    {
        long[] largest =
            [.. sites.Select(site => site.ElementCount).OrderDescending().Take(Environment.ProcessorCount)];
        return long.Max(largest.FirstOrDefault(), long.Min(room, largest.Sum()));
    }
}
