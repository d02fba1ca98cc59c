using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels;

namespace Hypercompress.Models.Inference.Measuring;

/// <summary>How fast this machine reads memory that is in none of its caches.</summary>
public static unsafe class ReadRate
{
    private const long Bytes = 256L << 20;
    private const int Pieces = 64;
    private const int Passes = 6;

    /// <summary>Reads 256 MB several times and takes the fastest pass.</summary>
    /// <param name="threads">Threads that read, at least 1.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Bytes per second.</returns>
    public static double Measure(int threads, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var pool = new WorkerPool(threads);
        using var memory = new AlignedMemory(Bytes);
        new Span<byte>(memory.As<byte>(), (int)Bytes).Fill(1);
        double best = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            long started = time.GetTimestamp();
            long sum = 0;
            pool.Run(Pieces, 1, (first, end) =>
            {
                long length = (end - first) * (Bytes / Pieces);
                Interlocked.Add(ref sum, Read(memory.As<byte>() + (first * (Bytes / Pieces)), length));
            });
            double seconds = time.GetElapsedTime(started).TotalSeconds;

            // The sum is used, so that the compiler does not leave out the reading.
            best = sum == 0 ? best : Math.Max(best, Bytes / seconds);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Read(byte* start, long count)
    {
        Vector256<long> a = Vector256<long>.Zero;
        Vector256<long> b = a;
        Vector256<long> c = a;
        Vector256<long> d = a;
        for (long i = 0; i < count; i += 128)
        {
            a += Vector256.Load((long*)(start + i));
            b += Vector256.Load((long*)(start + i + 32));
            c += Vector256.Load((long*)(start + i + 64));
            d += Vector256.Load((long*)(start + i + 96));
        }

        return Vector256.Sum((a + b) + (c + d));
    }
}
