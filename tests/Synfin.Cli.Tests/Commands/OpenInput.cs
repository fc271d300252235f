using System.IO.Pipelines;
using System.Text;

namespace Synfin.Cli.Tests.Commands;

/// <summary>A standard input that a test writes to, and ends when it wants to.</summary>
internal sealed class OpenInput
{
    private readonly Pipe _pipe = new();

    public OpenInput() => Stream = _pipe.Reader.AsStream();

    public Stream Stream { get; }

    public async Task Type(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().InTime();

    public void End() => _pipe.Writer.Complete();
}
