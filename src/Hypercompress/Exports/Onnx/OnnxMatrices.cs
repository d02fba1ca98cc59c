using System.Collections.Immutable;
using Hypercompress.Exports.Sites;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Onnx;

/// <summary>Puts matrices into a graph: x Wᵀ, and picking rows of W.</summary>
/// <param name="graph">The graph.</param>
/// <param name="type">Single or half precision: what the graph computes in.</param>
/// <param name="quant">How integer codes are exported.</param>
internal sealed class OnnxMatrices(OnnxGraph graph, OnnxType type, OnnxQuant quant)
{
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);

    private ScalarType Stored => type == OnnxType.Float16 ? ScalarType.Float16 : ScalarType.Float32;

    private Func<CodeLayout, bool>? KeepsCodes => quant == OnnxQuant.None ? null : OnnxRounding.Holds;

    private Func<CodeLayout, bool>? KeepsShared => quant == OnnxQuant.None ? null : OnnxRounding.HoldsShared;

    /// <summary>x Wᵀ.</summary>
    /// <param name="name">Name of the site.</param>
    /// <param name="matrix">W, [rows, columns].</param>
    /// <param name="x">[batch, tokens, columns].</param>
    /// <returns>[batch, tokens, rows].</returns>
    public string Apply(string name, WeightMatrix matrix, string x)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<SiteTerm> terms = SiteTerms.Of(matrix, KeepsCodes);
        return terms.Select((term, index) => Apply($"{name}.{index}", term, x))
            .Aggregate((sum, next) => graph.Node("Add", [sum, next]));
    }

    /// <summary>Rows of W; what is put into the graph for it, a tied output projection shares.</summary>
    /// <param name="name">Name of the site.</param>
    /// <param name="matrix">W, [rows, columns].</param>
    /// <param name="ids">int64 [batch, tokens].</param>
    /// <returns>[batch, tokens, columns].</returns>
    public string Gather(string name, WeightMatrix matrix, string ids)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<SiteTerm> terms = SiteTerms.Of(matrix, KeepsShared);
        return terms.Select((term, index) => Gather($"{name}.{index}", term, ids))
            .Aggregate((sum, next) => graph.Node("Add", [sum, next]));
    }

    /// <summary>
    /// x Wᵀ with the W that <see cref="Gather(string, WeightMatrix, string)"/> has put into the graph.
    /// </summary>
    /// <param name="name">Name of the site.</param>
    /// <param name="matrix">W, [rows, columns].</param>
    /// <param name="x">[batch, tokens, columns].</param>
    /// <returns>[batch, tokens, rows].</returns>
    public string ApplyTied(string name, WeightMatrix matrix, string x)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<SiteTerm> terms = SiteTerms.Of(matrix, KeepsShared);
        return terms.Select((term, index) => ApplyTied($"{name}.{index}", term, x))
            .Aggregate((sum, next) => graph.Node("Add", [sum, next]));
    }

    /// <summary>A norm's weight, a bias or the like, in single precision.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">float32.</param>
    public string Vector(string name, Tensor values) => graph.Weight(name, values);

    /// <summary>A bias, in the type of the graph.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">float32.</param>
    public string Bias(string name, Tensor values)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return graph.Weight(name, values.to(Stored, copy: true));
    }

    private string Apply(string name, SiteTerm term, string x) => term switch
    {
        FactorTerm factors => Dense(
            name + ".up", factors.Up, factors.Stored, Dense(name + ".down", factors.Down, factors.Stored, x)),
        CodedTerm coded => Coded(name, coded.Values, x),
        _ => Dense(name, ((DenseTerm)term).Values, ((DenseTerm)term).Stored, x),
    };

    private string Dense(string name, Tensor values, ScalarType? stored, string x)
    {
        using var scope = NewDisposeScope();
        return quant == OnnxQuant.Int4
            ? Coded(name, Rounded(values), x)
            : graph.Node("MatMul", [x, Computed(graph.Weight(
                name + ".transposed", values.t().to(StoredAs(stored)).contiguous()), stored)]);
    }

    // Numbers of 16 bits are widened when the graph is loaded.
    private ScalarType StoredAs(ScalarType? own) =>
        quant == OnnxQuant.Keep && type == OnnxType.Float && own is { } kept ? kept : Stored;

    private string Computed(string value, ScalarType? own) => StoredAs(own) == Stored
        ? value
        : graph.Node("Cast", [value], ("to", (long)type));

    private string Gather(string name, SiteTerm term, string ids) => term switch
    {
        FactorTerm factors => graph.Node(
            "MatMul",
            [
                Picked(name + ".up", factors.Up, factors.Stored, ids),
                Computed(Put(name + ".down", factors.Down, factors.Stored), factors.Stored),
            ]),
        CodedTerm coded => GatherCoded(name, coded.Values, ids),
        _ => Picked(name, ((DenseTerm)term).Values, ((DenseTerm)term).Stored, ids),
    };

    // Rows are widened once they are picked.
    private string Picked(string name, Tensor values, ScalarType? stored, string ids) =>
        Computed(graph.Node("Gather", [Put(name, values, stored), ids]), stored);

    private string ApplyTied(string name, SiteTerm term, string x) => term switch
    {
        FactorTerm factors => TransposedProduct(
            name + ".up", factors.Stored, TransposedProduct(name + ".down", factors.Stored, x)),
        CodedTerm coded => Product(coded.Values, [x, _shared[name + ".codes"], _shared[name + ".scales"]]),
        _ when quant == OnnxQuant.Int4 => Coded(name + ".head", Rounded(((DenseTerm)term).Values), x),
        _ => TransposedProduct(name, ((DenseTerm)term).Stored, x),
    };

    private string TransposedProduct(string weight, ScalarType? stored, string x) => graph.Node(
        "MatMul",
        [x, graph.Node("Transpose", [Computed(weight, stored)], ("perm", new long[] { 1, 0 }))]);

    private string Put(string name, Tensor values, ScalarType? stored)
    {
        using Tensor written = values.to(StoredAs(stored));
        return graph.Weight(name, written);
    }

    private static GroupCodes Rounded(Tensor values) => SiteTerms.Round(values, OnnxRounding.Format).Values;

    private string Coded(string name, GroupCodes codes, string x)
    {
        using var scope = NewDisposeScope();
        string[] inputs = [x, Codes(name, codes), Scales(name, codes)];
        return Product(codes, codes.Minimums is null ? inputs : [.. inputs, ZeroPoints(name, codes)]);
    }

    private string Product(GroupCodes codes, string[] inputs) => graph.Node(
        OnnxGraph.Contributed + ".MatMulNBits",
        inputs,
        ("K", codes.Columns),
        ("N", codes.Rows),
        ("bits", codes.Layout.Bits),
        ("block_size", OnnxRounding.BlockSize(codes)));

    private string GatherCoded(string name, GroupCodes codes, string ids)
    {
        using var scope = NewDisposeScope();
        _shared[name + ".codes"] = Codes(name, codes);
        _shared[name + ".scales"] = Scales(name, codes);
        string flat = graph.Node("Reshape", [_shared[name + ".codes"], graph.Integers(codes.Rows, -1)]);
        string rows = graph.Node(
            OnnxGraph.Contributed + ".GatherBlockQuantized",
            [flat, ids, _shared[name + ".scales"]],
            ("bits", codes.Layout.Bits),
            ("block_size", OnnxRounding.BlockSize(codes)),
            ("gather_axis", 0),
            ("quantize_axis", 1));
        return graph.Node("Slice", [rows, graph.Integers(0), graph.Integers(codes.Columns), graph.Integers(-1)]);
    }

    // Each row is filled up to whole blocks; the padding is not read.
    private string Codes(string name, GroupCodes codes)
    {
        long blocks = codes.Scales.shape[1];
        long blockBytes = OnnxRounding.BlockSize(codes) * codes.Layout.Bits / 8;
        Tensor packed = codes.Pack();
        Tensor padded = zeros(codes.Rows, blocks * blockBytes, dtype: ScalarType.Byte);
        padded.narrow(1, 0, packed.shape[1]).copy_(packed);
        return graph.Weight(name + ".codes", padded.view(codes.Rows, blocks, blockBytes));
    }

    // Scales are numbers of half precision, and the file has them so.
    private string Scales(string name, GroupCodes codes)
    {
        string scales = graph.Weight(name + ".scales", codes.Scales.to(ScalarType.Float16));
        return type == OnnxType.Float16 ? scales : graph.Node("Cast", [scales], ("to", (long)type));
    }

    // scale · q + minimum = scale · (q − zero point).
    private string ZeroPoints(string name, GroupCodes codes)
    {
        if (codes.ZeroPoints is { } whole)
        {
            return graph.Weight(name + ".zero_points", BitPacking.Pack(whole.contiguous(), codes.Layout.Bits));
        }

        Tensor scales = codes.Scales.to(ScalarType.Float32);
        Tensor points = where(scales == 0, 0, codes.Minimums!.to(ScalarType.Float32).neg() / scales);
        return graph.Weight(name + ".zero_points", points.to(Stored));
    }
}
