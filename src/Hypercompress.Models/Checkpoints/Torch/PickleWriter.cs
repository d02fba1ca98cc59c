using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>Writes pickles of protocol 2 with the opcodes that torch.load(weights_only=True) accepts.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();

    /// <summary>Starts a pickle.</summary>
    public PickleWriter() => _bytes.Write([0x80, 2]);

    /// <summary>Ends the pickle.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] Finish()
    {
        Opcode('.');
        return _bytes.ToArray();
    }

    /// <summary>Writes None.</summary>
    public void Null() => Opcode('N');

    /// <summary>Writes True or False.</summary>
    /// <param name="value">Which.</param>
    public void Boolean(bool value) => _bytes.WriteByte(value ? (byte)0x88 : (byte)0x89);

    /// <summary>Writes an integer in the fewest bytes.</summary>
    /// <param name="value">The integer.</param>
    public void Integer(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        switch (value)
        {
            case >= 0 and <= byte.MaxValue:
                Opcode('K');
                _bytes.Write(bytes[..1]);
                break;
            case >= 0 and <= ushort.MaxValue:
                Opcode('M');
                _bytes.Write(bytes[..2]);
                break;
            case >= int.MinValue and <= int.MaxValue:
                Opcode('J');
                _bytes.Write(bytes[..4]);
                break;
            default:
                _bytes.Write([0x8A, sizeof(long)]);
                _bytes.Write(bytes);
                break;
        }
    }

    /// <summary>Writes a double; PyTorch reads it under weights_only from version 2 on.</summary>
    /// <param name="value">The number.</param>
    public void Double(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Opcode('G');
        _bytes.Write(bytes);
    }

    /// <summary>Writes a text.</summary>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentException">It holds half a surrogate pair.</exception>
    public void Text(string value)
    {
        byte[] utf8 = StrictUtf8.Utf8.GetBytes(value);
        Opcode('X');
        _bytes.Write(BitConverter.GetBytes(utf8.Length));
        _bytes.Write(utf8);
    }

    /// <summary>Writes a name.</summary>
    /// <param name="module">Its module.</param>
    /// <param name="name">The name in it.</param>
    public void Global(string module, string name)
    {
        Opcode('c');
        _bytes.Write(StrictUtf8.Utf8.GetBytes($"{module}\n{name}\n"));
    }

    /// <summary>Writes a dictionary.</summary>
    /// <param name="items">Writes keys and values in turn.</param>
    public void Dictionary(Action items)
    {
        Opcode('}');
        Opcode('(');
        items();
        Opcode('u');
    }

    /// <summary>Writes a list.</summary>
    /// <param name="items">Writes the items.</param>
    public void List(Action items)
    {
        Opcode(']');
        Opcode('(');
        items();
        Opcode('e');
    }

    /// <summary>Writes a tensor.</summary>
    /// <param name="storageClass">Class of its storage, such as <c>FloatStorage</c>.</param>
    /// <param name="key">Name of its storage in the archive.</param>
    /// <param name="elements">Elements of the storage; the tensor is all of it.</param>
    /// <param name="shape">Its dimensions.</param>
    public void Tensor(string storageClass, string key, long elements, ImmutableArray<long> shape)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Tuple(() =>
        {
            Tuple(() =>
            {
                Text("storage");
                Global("torch", storageClass);
                Text(key);
                Text("cpu");
                Integer(elements);
            });
            Opcode('Q');
            Integer(0);
            Tuple(() => Integers(shape));
            Tuple(() => Integers(RowMajorStride(shape)));
            Boolean(false);
            Global("collections", "OrderedDict");
            Opcode(')');
            Opcode('R');
        });
        Opcode('R');
    }

    private static long[] RowMajorStride(ImmutableArray<long> shape)
    {
        long[] stride = new long[shape.Length];
        long step = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            stride[i] = step;
            step *= Math.Max(shape[i], 1);
        }

        return stride;
    }

    private void Integers(IEnumerable<long> values)
    {
        foreach (long value in values)
        {
            Integer(value);
        }
    }

    private void Tuple(Action items)
    {
        Opcode('(');
        items();
        Opcode('t');
    }

    private void Opcode(char opcode) => _bytes.WriteByte((byte)opcode);
}
