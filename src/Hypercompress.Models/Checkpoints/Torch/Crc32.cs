namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// The checksum of zip files: CRC-32 with the reflected polynomial 0xEDB88320, eight bytes at a time.
/// </summary>
internal sealed class Crc32
{
    private const int Slices = 8;

    private static readonly uint[][] Tables = MakeTables();

    private uint _state = 0xFFFFFFFF;

    /// <summary>The checksum of all bytes so far.</summary>
    public uint Value => ~_state;

    /// <summary>Takes in more bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            uint low = state ^ BitConverter.ToUInt32(bytes);
            uint high = BitConverter.ToUInt32(bytes[4..]);
            state = Tables[7][low & 0xFF] ^ Tables[6][(low >> 8) & 0xFF] ^ Tables[5][(low >> 16) & 0xFF]
                ^ Tables[4][low >> 24] ^ Tables[3][high & 0xFF] ^ Tables[2][(high >> 8) & 0xFF]
                ^ Tables[1][(high >> 16) & 0xFF] ^ Tables[0][high >> 24];
        }

        foreach (byte value in bytes)
        {
            state = (state >> 8) ^ Tables[0][(state ^ value) & 0xFF];
        }

        _state = state;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[Slices][];
        for (int slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                tables[slice][i] = slice == 0
                    ? FirstEntry(i)
                    : (tables[slice - 1][i] >> 8) ^ tables[0][tables[slice - 1][i] & 0xFF];
            }
        }

        return tables;
    }

    private static uint FirstEntry(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
        }

        return value;
    }
}
