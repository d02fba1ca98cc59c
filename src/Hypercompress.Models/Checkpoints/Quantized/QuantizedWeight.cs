using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>A weight that is stored as several tensors: codes, scales and the like.</summary>
internal abstract class QuantizedWeight
{
    private readonly ITensorSource _source;

    /// <summary>Joins the tensors of a weight.</summary>
    /// <param name="source">The checkpoint as stored.</param>
    /// <param name="module">Name of the module, without <c>.weight</c>.</param>
    /// <param name="codes">Ending of the name of the tensor that holds the codes.</param>
    /// <param name="others">Endings of the names of the other tensors, those that are absent left out.</param>
    protected QuantizedWeight(ITensorSource source, string module, string codes, IEnumerable<string> others)
    {
        (_source, Module, Codes) = (source, module, source.Tensors[$"{module}.{codes}"]);
        Components =
        [
            Codes,
            .. others.Select(ending => source.Tensors.GetValueOrDefault($"{module}.{ending}")).OfType<TensorInfo>(),
        ];
    }

    /// <summary>The tensors that it is stored as.</summary>
    public ImmutableArray<TensorInfo> Components { get; }

    /// <summary>Name, stored type, shape and bytes of the weight, all its tensors together.</summary>
    public TensorInfo Info => new(
        Module + ".weight", StoredType, Shape, Components.Sum(tensor => tensor.ByteLength), Codes.File);

    /// <summary>Name of the module.</summary>
    protected string Module { get; }

    /// <summary>The tensor of the codes.</summary>
    protected TensorInfo Codes { get; }

    /// <summary>How the codes are stored.</summary>
    protected abstract string StoredType { get; }

    /// <summary>Shape of the weight, [out, in].</summary>
    protected abstract ImmutableArray<long> Shape { get; }

    /// <summary>Computes the weight.</summary>
    /// <returns>float32 [out, in] on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">A tensor of it cannot be read.</exception>
    public Tensor Read()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Dequantize().contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Computes the weight within a dispose scope.</summary>
    /// <returns>float32 [out, in].</returns>
    protected abstract Tensor Dequantize();

    /// <summary>One of its tensors, without reading it.</summary>
    /// <param name="ending">Ending of its name.</param>
    /// <returns>What is stored, or null when it is absent.</returns>
    protected TensorInfo? Find(string ending) => _source.Tensors.GetValueOrDefault($"{Module}.{ending}");

    /// <summary>One of its tensors that must be there.</summary>
    /// <param name="ending">Ending of its name.</param>
    /// <returns>What is stored.</returns>
    /// <exception cref="CheckpointException">It is absent.</exception>
    protected TensorInfo Require(string ending) =>
        Find(ending) ?? throw Fail($"has no tensor \"{Module}.{ending}\", without which the codes mean nothing");

    /// <summary>Reads one of its tensors as it is stored.</summary>
    /// <param name="stored">The tensor.</param>
    /// <returns>Its values; belongs to the current dispose scope.</returns>
    protected Tensor ReadCodes(TensorInfo stored) => _source.Read(stored.Name);

    /// <summary>Reads one of its tensors as float32.</summary>
    /// <param name="stored">The tensor.</param>
    /// <returns>Its values; belongs to the current dispose scope.</returns>
    protected Tensor ReadNumbers(TensorInfo stored) => _source.Read(stored.Name).to(ScalarType.Float32);

    /// <summary>Makes the failure of this weight.</summary>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>The exception, for throwing.</returns>
    protected CheckpointException Fail(string problem) =>
        new(Codes.File, $"the quantized weight \"{Module}\" {problem}");

    /// <summary>A shape for messages.</summary>
    /// <param name="stored">The tensor.</param>
    /// <returns>Name and dimensions.</returns>
    protected static string Describe(TensorInfo stored) =>
        $"\"{stored.Name}\" {stored.DataType} [{string.Join(", ", stored.Shape)}]";
}
