using System.Text;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_ReferenceVector_ReadsFourZeros()
    {
        byte[] bytes =
        [
            0x3C, 0, 0, 0, 0, 0, 0, 0,
            .. """{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}"""u8,
            .. new byte[16],
        ];

        using var file = SafetensorsFile.Open(_folder.Write("v.safetensors", bytes));
        using var tensor = file.Read("test");

        var info = Assert.Single(file.Tensors).Value;
        Assert.Equal(("test", "I32", 16L, 4L), (info.Name, info.DataType, info.ByteLength, info.ElementCount));
        Assert.Equal([2L, 2L], info.Shape);
        Assert.Equal(ScalarType.Int32, tensor.dtype);
        Assert.Equal([2L, 2L], tensor.shape);
        Assert.Equal([0, 0, 0, 0], tensor.data<int>().ToArray());
        Assert.Empty(file.Metadata);
    }

    [Theory]
    [InlineData("F64", ScalarType.Float64, "000000000000F83F", 1.5)]
    [InlineData("F32", ScalarType.Float32, "0000C03F", 1.5)]
    [InlineData("F16", ScalarType.Float16, "003E", 1.5)]
    [InlineData("BF16", ScalarType.BFloat16, "C03F", 1.5)]
    [InlineData("I64", ScalarType.Int64, "FEFFFFFFFFFFFFFF", -2)]
    [InlineData("I32", ScalarType.Int32, "FEFFFFFF", -2)]
    [InlineData("I16", ScalarType.Int16, "FEFF", -2)]
    [InlineData("I8", ScalarType.Int8, "FE", -2)]
    [InlineData("U8", ScalarType.Byte, "FE", 254)]
    [InlineData("BOOL", ScalarType.Bool, "01", 1)]
    [InlineData("U16", ScalarType.Int32, "FFFF", 65535)]
    [InlineData("U32", ScalarType.Int64, "FFFFFFFF", 4294967295)]
    [InlineData("U64", ScalarType.Int64, "FFFFFFFF01000000", 8589934591)]
    [InlineData("F8_E4M3", ScalarType.Float32, "7E", 448)]
    [InlineData("F8_E4M3", ScalarType.Float32, "81", -0.001953125)]
    [InlineData("F8_E4M3", ScalarType.Float32, "7F", double.NaN)]
    [InlineData("F8_E5M2", ScalarType.Float32, "7B", 57344)]
    [InlineData("F8_E5M2", ScalarType.Float32, "01", 1.52587890625e-05)]
    [InlineData("F8_E5M2", ScalarType.Float32, "FC", double.NegativeInfinity)]
    [InlineData("F8_E4M3FNUZ", ScalarType.Float32, "7F", 240)]
    [InlineData("F8_E4M3FNUZ", ScalarType.Float32, "80", double.NaN)]
    [InlineData("F8_E5M2FNUZ", ScalarType.Float32, "7F", 57344)]
    [InlineData("F8_E8M0", ScalarType.Float32, "80", 2)]
    [InlineData("F8_E8M0", ScalarType.Float32, "FF", double.NaN)]
    public void Read_ScalarOfEachType_GivesItsValue(string type, ScalarType expectedType, string hex, double expected)
    {
        byte[] data = Convert.FromHexString(hex);
        using var file = Open(
            $$$"""{"x":{"dtype":"{{{type}}}","shape":[],"data_offsets":[0,{{{data.Length}}}]}}""", data);
        using var tensor = file.Read("x");
        using var wide = tensor.to(ScalarType.Float64);

        Assert.Equal(expectedType, tensor.dtype);
        Assert.Empty(tensor.shape);
        Assert.Equal(expected, wide.item<double>());
    }

    [Fact]
    public void Read_U64BeyondInt64_Fails()
    {
        using var file = Open(
            """{"big":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", 0, 0, 0, 0, 0, 0, 0, 0x80);

        AssertFails("tensor 'big'", () => file.Read("big"));
    }

    [Theory]
    [InlineData("F4", "[2]", 1)]
    [InlineData("F6_E2M3", "[4]", 3)]
    [InlineData("C64", "[1]", 8)]
    public void Read_TypeWithoutTorchCounterpart_ListsButDoesNotRead(string type, string shape, int bytes)
    {
        using var file = Open(
            $$$"""{"x":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":[0,{{{bytes}}}]}}""", new byte[bytes]);

        Assert.Equal(type, file.Tensors["x"].DataType);
        AssertFails(type, () => file.Read("x"));
    }

    [Fact]
    public void Read_UnknownName_NamesTensorAndFile()
    {
        using var file = Open("{}");

        var e = Assert.Throws<CheckpointException>(() => file.Read("nope"));

        Assert.Contains("'nope'", e.Message, StringComparison.Ordinal);
        Assert.Equal(_folder.Of("x.safetensors"), e.File);
    }

    [Fact]
    public void Open_WhitespaceMetadataEmptyAndUnorderedTensors_ReadsAll()
    {
        using var file = Open(
            """
              {"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},
              "none":{"shape":[3,0],"dtype":"F32","data_offsets":[1,1]},
              "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":{"x":[1]}},
              "__metadata__":{"format":"pt","k\u00e9":"v"}}
            """,
            7,
            8,
            9);
        using var a = file.Read("a");
        using var b = file.Read("b");
        using var none = file.Read("none");

        Assert.Equal([7], a.data<byte>().ToArray());
        Assert.Equal([8, 9], b.data<byte>().ToArray());
        Assert.Equal([3L, 0L], none.shape);
        Assert.Equal("v", file.Metadata["ké"]);
    }

    [Theory]
    [InlineData("[]", 0, "expected StartObject")]
    [InlineData("", 0, "not valid JSON")]
    [InlineData("{\"a\":", 0, "not valid JSON")]
    [InlineData("{} x", 0, "not valid JSON")]
    [InlineData("{\"\\ud800\":1}", 0, "not valid UTF-8")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "__metadata__, a")]
    [InlineData("{\"__metadata__\":[]}", 0, "__metadata__: expected StartObject")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", 0, "'a' occurs twice")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__ occurs twice")]
    [InlineData("{\"t\":5}", 0, "tensor 't'")]
    [InlineData("{\"t\":{\"shape\":[],\"data_offsets\":[0,1]}}", 1, "tensor 't': needs dtype")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1, "tensor 't': needs dtype, shape")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}", 1, "two data_offsets")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,1]}}", 1, "more than 2")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "occurs twice")]
    [InlineData("{\"t\":{\"dtype\":\"U9\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "unknown dtype 'U9'")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1, "not a whole number")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}}", 1, "not a whole number")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[[1]],\"data_offsets\":[0,1]}}", 1, "not a whole number")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[18446744073709551615],\"data_offsets\":[0,1]}}", 1, "overflows")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0, "overflows")]
    [InlineData("{\"t\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 0, "overflows")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,1]}}", 1, "takes 2 bytes")]
    [InlineData("{\"t\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2, "no whole number of bytes")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}}", 1, "before it begins")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2, "a hole")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 1, "ends at byte 2")]
    [InlineData("{\"t\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 2, "1 bytes trail")]
    public void Open_BrokenHeader_SaysWhat(string header, int dataBytes, string expected) =>
        AssertFails(expected, () => Open(header, new byte[dataBytes]));

    [Fact]
    public void Open_OverlappingTensors_NamesOne() => AssertFails(
        "tensor 'b': invalid offsets, begins at 1 where 2 is due: an overlap",
        () => Open(
            """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"""
            + """ "b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
            1,
            2,
            3));

    [Fact]
    public void Open_SameNameTwice_Fails() => AssertFails(
        "'a' occurs twice",
        () => Open(
            """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"""
            + """ "a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
            1,
            2));

    [Fact]
    public void Open_DeeplyNestedJson_Fails() => AssertFails(
        "not valid JSON", () => Open("{\"t\":{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}}"));

    [Fact]
    public void Open_SixtyFiveDimensions_Fails() => AssertFails(
        "more than 64",
        () => Open(
            "{\"t\":{\"dtype\":\"U8\",\"shape\":[" + string.Join(',', Enumerable.Repeat(1, 65))
                + "],\"data_offsets\":[0,1]}}",
            1));

    [Fact]
    public void Open_InvalidUtf8_Fails() =>
        AssertFails("not valid UTF-8", () => OpenBytes(SafetensorsBytes.Make([.. "{\""u8, 0xC3, .. "\":1}"u8])));

    [Fact]
    public void Open_MetadataOfNull_IsNone()
    {
        using var file = Open("""{"__metadata__":null,"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        Assert.Empty(file.Metadata);
        Assert.Equal(["t"], file.Tensors.Keys);
    }

    [Fact]
    public void Open_MetadataThatIsNotUtf8_IsReplaced()
    {
        byte[] header = [.. """{"__metadata__":{"note":"a"""u8, 0xFF, .. """b"}}"""u8];
        using var file = OpenBytes(SafetensorsBytes.Make(header));
        Assert.Equal("a\uFFFDb", file.Metadata["note"]);
    }

    [Fact]
    public void Open_SevenBytes_SaysTooSmall() => AssertFails("too small", () => OpenBytes(new byte[7]));

    [Fact]
    public void Open_HeaderLongerThanFile_SaysInvalidLength() =>
        AssertFails("length is invalid", () => OpenBytes([3, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]));

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    public void Open_HugeHeader_SaysTooLarge(ulong length) =>
        AssertFails("too large", () => OpenBytes([.. BitConverter.GetBytes(length), .. "{}"u8]));

    [Fact]
    public void Open_MissingFile_Fails() =>
        AssertFails("does not exist", () => SafetensorsFile.Open(_folder.Of("none")));

    [Fact]
    public void Open_Folder_Fails() => AssertFails("is a folder; name a file", () => SafetensorsFile.Open(_folder.Path));

    [Fact]
    public void Read_FromSeveralThreads_GivesTheSameValues()
    {
        int[] numbers = [.. Enumerable.Range(0, 4096)];
        string path = _folder.Of("t.safetensors");
        using (var written = tensor(numbers))
        {
            SafetensorsWriter.Write(path, [new KeyValuePair<string, Tensor>("n", written)]);
        }

        using var file = SafetensorsFile.Open(path);
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var read = file.Read("n");
            Assert.Equal(numbers, read.data<int>().ToArray());
        });
    }

    [Fact]
    public void Read_RealCheckpoint_HasKeptHeadAndItsMetadata()
    {
        using var file = SafetensorsFile.Open(SharedFiles.Require("models/tinystories-656k-hf/model.safetensors"));
        using var head = file.Read("lm_head.weight");

        Assert.Equal([2048L, 128L], head.shape);
        Assert.Equal("lm_head.weight", file.Metadata["model.embed_tokens.weight"]);
        Assert.Equal(head.numel() * head.element_size(), file.Tensors["lm_head.weight"].ByteLength);
    }

    private static void AssertFails(string expected, Func<object> action)
    {
        var e = Assert.Throws<CheckpointException>(action);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains(e.File, e.Message, StringComparison.Ordinal);
    }

    private SafetensorsFile Open(string header, params byte[] data) =>
        OpenBytes(SafetensorsBytes.Make(Encoding.UTF8.GetBytes(header), data));

    private SafetensorsFile OpenBytes(byte[] bytes) => SafetensorsFile.Open(_folder.Write("x.safetensors", bytes));
}
