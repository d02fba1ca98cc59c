using BenchmarkDotNet.Attributes;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks;

/// <summary>A 1536×576 layer in each form against the dense one, at the batch of decoding and of a prompt.</summary>
public class FormApplyBenchmark : IDisposable
{
    private const long Rows = 1536;
    private const long Columns = 576;
    private readonly Generator _random = new(1);
    private Tensor _input = null!;
    private WeightMatrix _dense = null!;
    private WeightMatrix _lowRank = null!;
    private WeightMatrix _quantized = null!;
    private WeightMatrix _sparse = null!;

    /// <summary>Tokens at once.</summary>
    [Params(1, 512)]
    public int Tokens { get; set; }

    /// <summary>Makes the matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var scope = NewDisposeScope();
        Tensor weight = randn(Rows, Columns, generator: _random);
        _input = randn(Tokens, Columns, generator: _random).DetachFromDisposeScope();
        _lowRank = LowRankForm.From(
            randn(Rows, 128, generator: _random), randn(128, Columns, generator: _random), FloatFormat.Float16,
            FloatFormat.Float16);
        _quantized = DenseForm.From(weight, NumberFormatRegistry.Standard.Parse("uint4-g64"));
        _sparse = SparseForm.From(weight, weight.abs() > 1.6, FloatFormat.Float16);
        _dense = new DenseMatrix(weight.clone());
    }

    /// <summary>The dense layer.</summary>
    [Benchmark(Baseline = true)]
    public void Dense() => Apply(_dense);

    /// <summary>Two factors of rank 128.</summary>
    [Benchmark]
    public void LowRank128() => Apply(_lowRank);

    /// <summary>4-bit codes, decoded once.</summary>
    [Benchmark]
    public void Uint4() => Apply(_quantized);

    /// <summary>About 89 % zeros, run dense.</summary>
    [Benchmark]
    public void Sparse89() => Apply(_sparse);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _input.Dispose();
        _dense.Dispose();
        _lowRank.Dispose();
        _quantized.Dispose();
        _sparse.Dispose();
        _random.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Apply(WeightMatrix matrix)
    {
        using var noGrad = no_grad();
        using Tensor output = matrix.Apply(_input);
    }
}
