using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Synfin.AspNetCore.Tests.Telemetry;

/// <summary>Keeps what is logged from a level on, as "number level text".</summary>
internal sealed class LogLines(LogLevel least) : ILoggerFactory
{
    public Dictionary<string, List<string>> ByCategory { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Category(this, ByCategory[categoryName] = []);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("it keeps lines, and nothing else");

    public void Dispose()
    {
    }

    private sealed class Category(LogLines owner, List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= owner.Least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.True(IsEnabled(logLevel), "who logs asks first");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{eventId.Id} {logLevel} {formatter(state, exception)}"));
        }
    }

    private LogLevel Least { get; } = least;
}
