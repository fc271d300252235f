using System.IO.Compression;
using System.Xml.Linq;

namespace Synfin.Packages.Tests.Support;

/// <summary>A package as it lies in a folder: a zip file with a manifest.</summary>
/// <param name="path">Of the .nupkg or .snupkg.</param>
internal sealed class PackageFile(string path) : IDisposable
{
    private readonly ZipArchive _zip = ZipFile.OpenRead(path);

    /// <summary>The paths of its files, but for those that every package has for the zip file's own sake.</summary>
    public IEnumerable<string> Files => _zip.Entries
        .Select(entry => entry.FullName)
        .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal))
        .Where(name => name != "[Content_Types].xml");

    /// <summary>A value of the manifest's, or null.</summary>
    public string? this[string name] => Elements(name).SingleOrDefault()?.Value;

    /// <summary>The manifest's elements of a name.</summary>
    public IEnumerable<XElement> Elements(string name)
    {
        ZipArchiveEntry manifest = _zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        using Stream stream = manifest.Open();
        return [.. XDocument.Load(stream).Descendants().Where(element => element.Name.LocalName == name)];
    }

    /// <summary>The text of a file.</summary>
    public string Text(string file)
    {
        using var reader = new StreamReader(new MemoryStream(Bytes(file)));
        return reader.ReadToEnd();
    }

    /// <summary>A file.</summary>
    public byte[] Bytes(string file)
    {
        ZipArchiveEntry? entry = _zip.GetEntry(file);
        Assert.True(entry is not null, $"{Path.GetFileName(path)} has no {file}, but {string.Join(", ", Files)}");
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();
}
