using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Onnx;

/// <summary>
/// An ONNX model that is put together node by node. Weights go into a file of their own at once, so that one tensor is
/// in memory at a time and the model itself stays far below the 2 GiB that its format allows.
/// </summary>
/// <param name="path">
/// The model's file, beside which the weights go (<see cref="OnnxFiles.DataOf"/>); null to count their bytes alone.
/// </param>
internal sealed class OnnxGraph(string? path) : IDisposable
{
    /// <summary>The set of operators that ONNX Runtime brings beyond the standard.</summary>
    public const string Contributed = "com.microsoft";

    // Readers may map the file: weights begin at a multiple of the size of a page.
    private const int Alignment = 4096;
    private const int IrVersion = 10;
    private const int OperatorSet = 21;
    private const int External = 1;

    private readonly ProtoMessage _graph = new();
    private readonly FileStream? _data = path is null ? null : File.Create(OnnxFiles.DataOf(path));
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Bytes of all weights.</summary>
    public long WeightBytes { get; private set; }

    /// <summary>Declares an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its elements.</param>
    /// <param name="shape">Numbers, and names of sizes that vary.</param>
    public string Input(string name, OnnxType type, params object[] shape)
    {
        _graph.Message(11, ValueInfo(name, type, shape));
        return name;
    }

    /// <summary>Declares that a value is an output, under a name of its own.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">The output's name.</param>
    /// <param name="type">Its elements.</param>
    /// <param name="shape">Numbers, and names of sizes that vary.</param>
    public void Output(string value, string name, OnnxType type, params object[] shape)
    {
        Emit("Identity", string.Empty, [value], [name], []);
        _graph.Message(12, ValueInfo(name, type, shape));
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="kind">The operator; of <see cref="Contributed"/> when it begins with that and a dot.</param>
    /// <param name="inputs">Values; empty for an optional input that is left out.</param>
    /// <param name="attributes">Numbers, lists of numbers or texts by name.</param>
    /// <returns>The output.</returns>
    public string Node(string kind, string[] inputs, params (string Name, object Value)[] attributes) =>
        Nodes(kind, inputs, 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="kind">As for <see cref="Node"/>.</param>
    /// <param name="inputs">As for <see cref="Node"/>.</param>
    /// <param name="outputs">How many.</param>
    /// <param name="attributes">As for <see cref="Node"/>.</param>
    /// <returns>The outputs.</returns>
    public string[] Nodes(string kind, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        int dot = kind.LastIndexOf('.');
        (string domain, string name) = dot < 0 ? (string.Empty, kind) : (kind[..dot], kind[(dot + 1)..]);
        string[] made =
            [.. Enumerable.Range(0, outputs)
            .Select(_ => string.Create(CultureInfo.InvariantCulture, $"{name}_{_count++}"))];
        Emit(name, domain, inputs, made, attributes);
        return made;
    }

    /// <summary>A list of whole numbers.</summary>
    public string Integers(params long[] values) => Constant(
        OnnxType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values), $"i{string.Join('_', values)}");

    /// <summary>A whole number.</summary>
    public string Integer(long value) =>
        Constant(OnnxType.Int64, [], MemoryMarshal.AsBytes<long>([value]), $"s{value}");

    /// <summary>A number of some type.</summary>
    /// <param name="value">The number.</param>
    /// <param name="type">Single or half precision.</param>
    public string Real(double value, OnnxType type) => type == OnnxType.Float16
        ? Constant(type, [], MemoryMarshal.AsBytes<Half>([(Half)value]), $"h{value:R}")
        : Constant(type, [], MemoryMarshal.AsBytes<float>([(float)value]), $"f{value:R}");

    /// <summary>A weight.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">
    /// float32, float16, bfloat16, int64 or uint8, on any device; stays the caller's.
    /// </param>
    /// <returns>The value.</returns>
    public string Weight(string name, Tensor values)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (_data is null)
        {
            WeightBytes += values.numel() * values.element_size();
            return name;
        }

        _data.Write(new byte[(Alignment - (_data.Position % Alignment)) % Alignment]);
        long start = _data.Position;
        Tensor flat = values.detach().cpu().contiguous().view(-1);
        const int AtOnce = 1 << 26;
        for (long first = 0; first < flat.numel(); first += AtOnce)
        {
            using Tensor part = flat.narrow(0, first, Math.Min(AtOnce, flat.numel() - first));
            _data.Write(part.bytes);
        }

        WeightBytes += _data.Position - start;
        ProtoMessage tensor = TensorHead(name, TypeOf(values.dtype), values.shape)
            .Message(13, Entry("location", Path.GetFileName(_data.Name)))
            .Message(13, Entry("offset", start.ToString(CultureInfo.InvariantCulture)))
            .Message(13, Entry("length", (_data.Position - start).ToString(CultureInfo.InvariantCulture)))
            .Integer(14, External);
        _graph.Message(5, tensor);
        return name;
    }

    /// <summary>Writes the model's file; nothing is added any more.</summary>
    /// <param name="producer">Name of the program that made it.</param>
    /// <exception cref="InvalidOperationException">The graph has no file.</exception>
    public void Save(string producer)
    {
        if (path is null || _data is null)
        {
            throw new InvalidOperationException("a graph without a file is not written");
        }

        _graph.Text(2, "decoder");
        ProtoMessage model = new ProtoMessage()
            .Integer(1, IrVersion)
            .Text(2, producer)
            .Message(8, new ProtoMessage().Text(1, string.Empty).Integer(2, OperatorSet))
            .Message(8, new ProtoMessage().Text(1, Contributed).Integer(2, 1))
            .Message(7, _graph);
        _data.Flush(flushToDisk: true);
        File.WriteAllBytes(path, model.ToArray());
    }

    /// <summary>Closes the file of weights.</summary>
    public void Dispose() => _data?.Dispose();

    private static OnnxType TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float16 => OnnxType.Float16,
        ScalarType.BFloat16 => OnnxType.BFloat16,
        ScalarType.Byte => OnnxType.UInt8,
        ScalarType.Int64 => OnnxType.Int64,
        _ => OnnxType.Float,
    };

    private string Constant(OnnxType type, long[] shape, ReadOnlySpan<byte> bytes, string name)
    {
        if (_constants.TryAdd(name, name))
        {
            _graph.Message(5, TensorHead(name, type, shape).Bytes(9, bytes));
        }

        return name;
    }

    private static ProtoMessage TensorHead(string name, OnnxType type, long[] shape)
    {
        var tensor = new ProtoMessage();
        foreach (long size in shape)
        {
            tensor.Integer(1, size);
        }

        return tensor.Integer(2, (long)type).Text(8, name);
    }

    private static ProtoMessage Entry(string key, string value) => new ProtoMessage().Text(1, key).Text(2, value);

    private static ProtoMessage ValueInfo(string name, OnnxType type, object[] shape)
    {
        var sizes = new ProtoMessage();
        foreach (object size in shape)
        {
            var one = new ProtoMessage();
            sizes.Message(1, size is string varying
                ? one.Text(2, varying)
                : one.Integer(1, Convert.ToInt64(size, CultureInfo.InvariantCulture)));
        }

        ProtoMessage tensor = new ProtoMessage().Integer(1, (long)type).Message(2, sizes);
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
    }

    private void Emit(
        string kind, string domain, string[] inputs, string[] outputs, (string Name, object Value)[] attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        foreach (string output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(3, "/" + outputs[0]).Text(4, kind);
        foreach ((string name, object value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        _graph.Message(1, node.Text(7, domain));
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        const int RealKind = 1, IntegerKind = 2, TextKind = 3, IntegersKind = 7;
        ProtoMessage attribute = new ProtoMessage().Text(1, name);
        switch (value)
        {
            case double number:
                return attribute.Real(2, (float)number).Integer(20, RealKind);
            case string text:
                return attribute.Bytes(4, Encoding.UTF8.GetBytes(text)).Integer(20, TextKind);
            case long[] list:
                foreach (long item in list)
                {
                    attribute.Integer(8, item);
                }

                return attribute.Integer(20, IntegersKind);
            default:
                return attribute.Integer(3, Convert.ToInt64(value, CultureInfo.InvariantCulture)).Integer(
                    20, IntegerKind);
        }
    }
}
