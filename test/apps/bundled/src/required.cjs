module.exports = [require('nestjs-raven'), require('nestjs-raven/terminus')];
