using Hypercompress.Models.Checkpoints.Torch;

namespace Hypercompress.Models.Tests.Checkpoints;

/// <summary>A small file of torch.save as it was before PyTorch 1.6: a float32 [2, 3] and an int64 [2].</summary>
internal static class LegacyTorchFile
{
    public static byte[] Make()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(Convert.FromHexString("80028a0a6cfc9c46f9206aa850192e"));
        writer.Write(Pickle(pickle => pickle.Integer(1001)));
        writer.Write(Pickle(pickle => pickle.Dictionary(() =>
        {
            pickle.Text("protocol_version");
            pickle.Integer(1001);
            pickle.Text("little_endian");
            pickle.Boolean(true);
        })));
        writer.Write(Pickle(pickle => pickle.Dictionary(() =>
        {
            pickle.Text("a");
            pickle.Tensor("FloatStorage", "0", 6, [2, 3]);
            pickle.Text("b");
            pickle.Tensor("LongStorage", "1", 2, [2]);
        })));
        writer.Write(Pickle(pickle => pickle.List(() =>
        {
            pickle.Text("0");
            pickle.Text("1");
        })));
        writer.Write(6L);
        for (int i = 0; i < 6; i++)
        {
            writer.Write((float)i);
        }

        writer.Write(2L);
        writer.Write(7L);
        writer.Write(8L);
        return file.ToArray();
    }

    private static byte[] Pickle(Action<PickleWriter> write)
    {
        var pickle = new PickleWriter();
        write(pickle);
        return pickle.Finish();
    }
}
