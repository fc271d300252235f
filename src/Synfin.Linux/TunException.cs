namespace Synfin.Linux;

/// <summary>A TUN device cannot be opened, set up or used; the message says what, where and what to do.</summary>
public sealed class TunException : IOException
{
    /// <summary>Without a message.</summary>
    public TunException()
    {
    }

    /// <summary>With a message.</summary>
    public TunException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public TunException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>With a message and the system's error number.</summary>
    public TunException(string message, int errorNumber)
        : base(message) => ErrorNumber = errorNumber;

    /// <summary>The system's error number (errno), or 0.</summary>
    public int ErrorNumber { get; }
}
