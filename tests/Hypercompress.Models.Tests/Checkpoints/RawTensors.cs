using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Hypercompress.Models.Tests.Checkpoints;

/// <summary>Makes safetensors files of tensors given as bytes, also of types that torch does not have.</summary>
internal sealed class RawTensors
{
    private readonly JsonObject _header = [];
    private readonly MemoryStream _data = new();

    public RawTensors Add(string name, string type, long[] shape, params byte[] data)
    {
        _header[name] = new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
            ["data_offsets"] = new JsonArray(_data.Length, _data.Length + data.Length),
        };
        _data.Write(data);
        return this;
    }

    public RawTensors Add<T>(string name, string type, long[] shape, T[] values)
        where T : unmanaged => Add(name, type, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public byte[] Make() => SafetensorsBytes.Make(_header.ToJsonString(), _data.ToArray());
}
