using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Native;

/// <summary>
/// Loads TorchSharp's library where the host's libstdc++ is older than GCC 13's: from a copy in the user's cache that
/// differs in one flag. Its version GLIBCXX_3.4.32 belongs to a marker symbol that nothing calls.
/// </summary>
internal static class TorchLibraryFallback
{
    /// <summary>TorchSharp's library as it asks for it.</summary>
    public const string LibraryName = "LibTorchSharp";

    private const string FileName = "libLibTorchSharp.so";
    private const string TooNewVersion = "GLIBCXX_3.4.32";

    /// <summary>Loads the library, patched when it must be.</summary>
    /// <param name="folders">Folders of native libraries, best first.</param>
    /// <param name="cache">Folder for patched copies; made when it is missing.</param>
    /// <returns>The library's handle.</returns>
    /// <exception cref="DllNotFoundException">No folder has it, or it cannot be loaded for another reason.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The copy may not be written.</exception>
    /// <exception cref="InvalidDataException">The library is not an ELF file.</exception>
    public static nint Load(IEnumerable<string> folders, string cache)
    {
        string folder = folders.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, FileName)))
            ?? throw new DllNotFoundException($"{FileName} is in none of the native folders");
        LoadDependencies(folder);
        string original = Path.Combine(folder, FileName);
        return NativeLibrary.TryLoad(original, out nint handle)
            ? handle
            : NativeLibrary.Load(PatchedCopy(original, cache) ?? original);
    }

    /// <summary>Makes the patched copy unless an earlier run did.</summary>
    /// <param name="original">Path of the library; left as it is.</param>
    /// <param name="cache">Folder for patched copies.</param>
    /// <returns>Path of the copy, or null when the library does not ask for the version.</returns>
    internal static string? PatchedCopy(string original, string cache)
    {
        byte[] image = File.ReadAllBytes(original);
        string hash = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        if (ElfVersionWeakener.Weaken(image, TooNewVersion) == 0)
        {
            return null;
        }

        string folder = Path.Combine(cache, hash);
        string copy = Path.Combine(folder, FileName);
        if (!File.Exists(copy) || new FileInfo(copy).Length != image.Length)
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(copy, stream => stream.Write(image));
        }

        return copy;
    }

    // By path and first, so that the copy elsewhere finds them already loaded.
    private static void LoadDependencies(string folder)
    {
        foreach (string name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                NativeLibrary.Load(path);
            }
        }
    }
}
