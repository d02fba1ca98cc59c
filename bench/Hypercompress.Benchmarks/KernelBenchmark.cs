using BenchmarkDotNet.Attributes;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Benchmarks;

/// <summary>
/// One vector by a matrix of whole numbers that no cache holds, on one thread; <see cref="RateColumn"/> has the bytes a
/// second beside what the machine reads.
/// </summary>
public class KernelBenchmark
{
    private const int Rows = 1 << 17;
    private const int Columns = 1536;

    private WorkerPool? _pool;
    private MatrixProducts? _products;
    private PackedMatrix? _matrix;
    private AlignedMemory? _x;
    private AlignedMemory? _y;

    /// <summary>The largest level: it decides how many bits a level takes.</summary>
    [Params(7, 15, 31, 63)]
    public int Largest { get; set; }

    /// <summary>Whether levels follow a trellis, which takes a bit less.</summary>
    [Params(false, true)]
    public bool FollowsTrellis { get; set; }

    /// <summary>The instructions.</summary>
    [ParamsSource(nameof(Sets))]
    public InstructionSet Set { get; set; }

    /// <summary>What this processor has, without portable code, which is for tests.</summary>
    public static IEnumerable<InstructionSet> Sets => InstructionSets.Supported.Skip(1);

    /// <summary>Bytes of the matrix.</summary>
    /// <param name="largest">See <see cref="Largest"/>.</param>
    /// <param name="followsTrellis">See <see cref="FollowsTrellis"/>.</param>
    /// <returns>Those of its codes, without the factors of rows and columns.</returns>
    public static double Bytes(int largest, bool followsTrellis)
    {
        int bits = int.Log2(largest) + 2;
        return Rows / 8.0 * Columns * (followsTrellis ? bits - 1 : bits <= 6 ? bits : 8);
    }

    /// <summary>Makes the matrix.</summary>
    [GlobalSetup]
    public void Setup()
    {
        InstructionSets.Chosen = Set;
        _matrix = PackedMatrices.FromLevels(new RandomLevels(Rows, Columns, Largest, FollowsTrellis));
        _pool = new WorkerPool(1);
        _products = new MatrixProducts(_pool);
        _x = AlignedMemory.Of<float>(Columns);
        _y = AlignedMemory.Of<float>(Rows);
        unsafe
        {
            new Span<float>(_x.As<float>(), Columns).Fill(0.5f);
        }
    }

    /// <summary>Multiplies.</summary>
    [Benchmark]
    public unsafe void Multiply() =>
        _products!.Multiply(_x!.As<float>(), 1, _matrix!, _y!.As<float>(), Rows, InputPrecision.Byte);

    /// <summary>Frees the memory.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _products?.Dispose();
        _pool?.Dispose();
        _matrix?.Dispose();
        _x?.Dispose();
        _y?.Dispose();
    }
}
