using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Files;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// Writes checkpoints that <c>torch.load(weights_only=True)</c> reads: a zip archive without compression, storages
/// aligned to 64 bytes. The same content gives the same bytes.
/// </summary>
public sealed class TorchCheckpointWriter
{
    private const string Folder = "archive/";

    private readonly PickleWriter _pickle = new();
    private readonly List<(TensorToWrite Tensor, long ByteLength)> _storages = [];
    private readonly Dictionary<object, string> _keys = [];

    private TorchCheckpointWriter()
    {
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; replaced, by rename, when it exists.</param>
    /// <param name="content">
    /// Values by name. A value is a <see cref="Tensor"/> (on any device; it stays the caller's), a
    /// <see cref="TensorToWrite"/> (made when its turn comes; its name is not used), a <see cref="string"/>, an
    /// integer, a <see cref="double"/> or <see cref="float"/>, a <see cref="bool"/>, null, a list, or a dictionary with
    /// text keys. Contiguous CPU tensors that lie on the same memory, and the same <see cref="TensorToWrite"/>, are
    /// stored once.
    /// </param>
    /// <returns>Bytes of the tensors' data.</returns>
    /// <exception cref="ArgumentException">
    /// A value is of another type, or a tensor's type has no storage class.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A tensor was made with another type or shape than declared.
    /// </exception>
    public static long Write(string path, IReadOnlyDictionary<string, object?> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(content);
        var writer = new TorchCheckpointWriter();
        writer.WriteValue(content);
        byte[] pickle = writer._pickle.Finish();
        AtomicFile.Write(path, stream => writer.WriteArchive(stream, pickle));
        return writer._storages.Sum(storage => storage.ByteLength);
    }

    private void WriteArchive(Stream stream, byte[] pickle)
    {
        var zip = new StoredZipWriter(stream);
        zip.Add(Folder + "data.pkl", pickle);
        zip.Add(Folder + "byteorder", "little"u8.ToArray());
        for (int i = 0; i < _storages.Count; i++)
        {
            var (tensor, length) = _storages[i];
            zip.Add(Folder + "data/" + Key(i), length, tensor.WriteTo);
        }

        zip.Add(Folder + "version", "3\n"u8.ToArray());
        zip.Finish();
    }

    private void WriteValue(object? value)
    {
        switch (value)
        {
            case null: _pickle.Null(); break;
            case bool truth: _pickle.Boolean(truth); break;
            case string text: _pickle.Text(text); break;
            case sbyte or byte or short or ushort or int or uint or long:
                _pickle.Integer(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double or float: _pickle.Double(Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case Tensor tensor: WriteTensor(TensorToWrite.From("", tensor), Identity(tensor)); break;
            case TensorToWrite tensor: WriteTensor(tensor, new ByReference(tensor)); break;
            case IReadOnlyDictionary<string, object?> dictionary: WriteDictionary(dictionary); break;
            case IDictionary dictionary: WriteDictionary(Pairs(dictionary)); break;
            case IEnumerable list: WriteList(list); break;
            default:
                throw new ArgumentException(
                    $"a value of type {value.GetType()} cannot be stored in a PyTorch checkpoint", nameof(value));
        }
    }

    private void WriteDictionary(IEnumerable<KeyValuePair<string, object?>> dictionary) => _pickle.Dictionary(() =>
    {
        foreach (var (key, value) in dictionary)
        {
            _pickle.Text(key);
            WriteValue(value);
        }
    });

    private void WriteList(IEnumerable list) => _pickle.List(() =>
    {
        foreach (object? value in list)
        {
            WriteValue(value);
        }
    });

    private void WriteTensor(TensorToWrite tensor, object identity)
    {
        long bytes = SafetensorsTypes.For(tensor.Type).ByteLength(tensor.Shape.AsSpan())!.Value;
        if (!_keys.TryGetValue(identity, out string? key))
        {
            key = Key(_storages.Count);
            _keys.Add(identity, key);
            _storages.Add((tensor, bytes));
        }

        long elements = tensor.Shape.Aggregate(1L, (product, size) => product * size);
        _pickle.Tensor(StorageClass(tensor.Type), key, elements, tensor.Shape);
    }

    /// <summary>Equal for tensors that are the same values on the same memory.</summary>
    private static unsafe object Identity(Tensor tensor)
    {
        long elements = tensor.numel();
        if (elements == 0 || tensor.device_type != TorchSharp.DeviceType.CPU || !tensor.is_contiguous())
        {
            return new ByReference(tensor);
        }

        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes)), elements, tensor.dtype);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Pairs(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            yield return new(
                entry.Key as string
                    ?? throw new ArgumentException($"the key {entry.Key} is not text", nameof(dictionary)),
                entry.Value);
        }
    }

    private static string Key(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static string StorageClass(ScalarType type) => type switch
    {
        ScalarType.Float32 => "FloatStorage",
        ScalarType.Float64 => "DoubleStorage",
        ScalarType.Float16 => "HalfStorage",
        ScalarType.BFloat16 => "BFloat16Storage",
        ScalarType.Int8 => "CharStorage",
        ScalarType.Byte => "ByteStorage",
        ScalarType.Int16 => "ShortStorage",
        ScalarType.Int32 => "IntStorage",
        ScalarType.Int64 => "LongStorage",
        ScalarType.Bool => "BoolStorage",
        _ => throw new ArgumentException($"tensors of type {type} have no storage class", nameof(type)),
    };

    /// <summary>Equal only for the very same object.</summary>
    private sealed record ByReference(object Value)
    {
        public bool Equals(ByReference? other) => ReferenceEquals(Value, other?.Value);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(Value);
    }
}
