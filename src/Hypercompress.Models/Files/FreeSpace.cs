namespace Hypercompress.Models.Files;

/// <summary>Finds out whether a disk has space, and says so where it has none left.</summary>
public static class FreeSpace
{
    // ENOSPC, and the two of Windows.
    private static readonly int[] UsedUp = [28, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Checks a disk before anything is written to it.</summary>
    /// <param name="name">What the error is about: the folder, or the option that names it.</param>
    /// <param name="folder">A folder on it; need not be there yet.</param>
    /// <param name="bytes">Bytes that are needed.</param>
    /// <param name="who">Beginning of the error: <c>the run needs up to</c>.</param>
    /// <param name="remedy">End of the error: what to do if no space can be made.</param>
    /// <exception cref="IOException">There is not enough space.</exception>
    public static void Require(string name, string folder, long bytes, string who, string remedy)
    {
        string existing = folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? Path.GetPathRoot(folder)!;
        }

        long free = new DriveInfo(existing).AvailableFreeSpace;
        if (free < bytes)
        {
            throw new IOException(
                $"{name}: {who} {SizeText.Of(bytes)} there, and {SizeText.Of(free)} are free; free some, or {remedy}");
        }
    }

    /// <summary>Whether writing failed because a disk is full.</summary>
    /// <param name="fault">The failure.</param>
    /// <returns>True for a full disk; false for every other reason.</returns>
    public static bool IsUsedUp(IOException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return UsedUp.Contains(fault.HResult);
    }

    /// <summary>Says why writing failed, without the name of the file that was written until then.</summary>
    /// <param name="fault">The failure.</param>
    /// <param name="remedy">What to do if no space can be made.</param>
    /// <returns>Such as <c>the disk is full; free some space, or name a file on another disk</c>.</returns>
    public static string Reason(IOException fault, string remedy)
    {
        ArgumentNullException.ThrowIfNull(fault);
        int name = fault.Message.IndexOf(" : '", StringComparison.Ordinal);
        return IsUsedUp(fault)
            ? $"the disk is full; free some space, or {remedy}"
            : $"{(name < 0 ? fault.Message : fault.Message[..name])}; {remedy}";
    }
}
